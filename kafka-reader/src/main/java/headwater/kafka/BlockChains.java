// SPDX-License-Identifier: Apache-2.0
package headwater.kafka;

import headwater.store.log.BlockHash;
import headwater.store.log.LogBlock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Watches that the blocks of each store come in order, without a hole, each naming the hash of the one before; one that
 * comes again is left out. For those who have a consumer of their own: it needs keys and values as bytes, and reads
 * each partition in order. For one thread.
 */
public final class BlockChains {
    private record Place(long next, BlockHash hash) {
    }

    private final Map<UUID, Place> places = new HashMap<>();

    /**
     * The chain of {@code store} goes on with block {@code next}, as the one before has {@code hash}: where a reader
     * left off.
     */
    public void resume(UUID store, long next, BlockHash hash) {
        places.put(store, new Place(next, hash));
    }

    /** The number of the next block of {@code store}: how many are there already. */
    public long next(UUID store) {
        Place place = places.get(store);
        return place == null ? 0 : place.next;
    }

    /**
     * Takes the next message. Of a store that is new here, any block may be the first, as older ones may have been
     * deleted from the topic.
     *
     * @return the block; empty if it had come before
     * @throws MalformedMessageException if it is not a block, if blocks are missing before it, or it does not follow
     *     the one before; it was not taken then
     */
    public Optional<BlockMessage> take(ConsumerRecord<byte[], byte[]> record) throws MalformedMessageException {
        BlockMessage message = BlockMessage.of(record);
        LogBlock block = message.block();
        Place place = places.get(message.store());
        if (place != null) {
            if (block.number() < place.next) {
                return Optional.empty();
            }
            if (block.number() > place.next) {
                throw new MalformedMessageException(record.topic(), record.partition(), record.offset(),
                        "blocks are missing: store="
                        + message.store() + ", is=" + block.number() + ", want=" + place.next);
            }
            if (!block.previous().equals(place.hash)) {
                throw new MalformedMessageException(record.topic(), record.partition(), record.offset(),
                        "chain broken: store="
                        + message.store() + ", block=" + block.number() + ", hash of the block before: is="
                        + block.previous() + ", want="
                        + place.hash);
            }
        }
        places.put(message.store(), new Place(block.number() + 1, block.hash()));
        return Optional.of(message);
    }
}
