// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.query.picture.Arrow;
import headwater.query.picture.Figure;
import headwater.query.picture.Picture;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which figures a person wants to see first, where there are more than fit: what is not a part of the system, then what is near the
 * start, then what few others have to do with, then what happened shortly before or after it.
 */
final class Ranking implements Comparator<Integer> {
    /** Libraries, programs, headers, configuration, the kernel's own: what nearly everything comes from. */
    private static final Pattern SYSTEM = Pattern.compile("/(?:usr|lib|lib32|lib64|bin|sbin|proc|sys|dev|snap|nix|run/systemd)/.*"
            + "|/etc/(?:ld\\.so|nsswitch|localtime|locale|ssl|alternatives|gai|host\\.conf|resolv\\.conf).*");

    private final Picture picture;
    private final int[] distances;
    private final int[] neighbours;
    private final long[] times;
    private final Comparator<Integer> order;
    private long startNs = Long.MAX_VALUE;

    Ranking(Picture picture) {
        this.picture = picture;
        int size = picture.figures().size();
        distances = new int[size];
        neighbours = new int[size];
        times = new long[size];
        Arrays.fill(distances, Integer.MAX_VALUE);
        Arrays.fill(times, Long.MAX_VALUE);
        order = Comparator.comparing(this::isSystem).thenComparing((Integer i) -> distances[i]).thenComparing(this::commonness)
                .thenComparing(this::gapNs).thenComparing(i -> this.picture.figures().get(i).objects().getFirst());
        measure();
    }

    private void measure() {
        List<List<Integer>> near = new ArrayList<>();
        for (int i = 0; i < distances.length; i++) {
            near.add(new ArrayList<>());
        }
        for (Arrow arrow : picture.arrows()) {
            for (int end : new int[] {arrow.from(), arrow.to()}) {
                near.get(end).add(end == arrow.from() ? arrow.to() : arrow.from());
                neighbours[end]++;
                times[end] = Math.min(times[end], arrow.firstNs());
            }
        }
        Deque<Integer> queue = new ArrayDeque<>();
        for (int i = 0; i < distances.length; i++) {
            if (picture.figures().get(i).start()) {
                distances[i] = 0;
                startNs = Math.min(startNs, times[i]);
                queue.add(i);
            }
        }
        while (!queue.isEmpty()) {
            int at = queue.poll();
            for (int next : near.get(at)) {
                if (distances[next] == Integer.MAX_VALUE) {
                    distances[next] = distances[at] + 1;
                    queue.add(next);
                }
            }
        }
    }

    @Override
    public int compare(Integer one, Integer other) {
        return order.compare(one, other);
    }

    private boolean isSystem(int index) {
        Figure figure = picture.figures().get(index);
        return SYSTEM.matcher(figure.name()).lookingAt();
    }

    /** In powers of two: one neighbour more or less says nothing. */
    private int commonness(int index) {
        return 32 - Integer.numberOfLeadingZeros(neighbours[index]);
    }

    private long gapNs(int index) {
        return times[index] == Long.MAX_VALUE || startNs == Long.MAX_VALUE ? Long.MAX_VALUE : Math.abs(times[index] - startNs);
    }
}
