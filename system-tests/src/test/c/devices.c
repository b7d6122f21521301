/* SPDX-License-Identifier: Apache-2.0 */
/*
 * devices MODE SOURCE SINK OTHER SECOND: packets that pass a network device on whose other side is a process (TUN), or that a packet
 * socket shows in memory it shares with the kernel; in a network of its own. One process takes SOURCE and sends it, another has it from
 * there and writes SINK; OTHER and SECOND go by another device, or are not sent at all.
 */
#include "tester.h"
#include "family.h"
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <sys/mman.h>

#define PORT 9999
#define HEADERS (sizeof(struct iphdr) + sizeof(struct udphdr))

static void set_address(int fd, const char *device, unsigned long request, const char *host)
{
	union address at = inet_address(host, 0);
	struct ifreq named = {};

	strncpy(named.ifr_name, device, sizeof(named.ifr_name) - 1);
	memcpy(&named.ifr_addr, &at.inet, sizeof(at.inet));
	TRY(ioctl(fd, request, &named));
}

/* A TUN device with the network 10.99.`subnet`.0/24, of which .1 is this machine. */
static int tun(const char *device, int subnet)
{
	struct ifreq named = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC), any = TRY(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	char host[32];

	if (fd < 0)
		not_here("TUN devices");
	strncpy(named.ifr_name, device, sizeof(named.ifr_name) - 1);
	TRY(ioctl(fd, TUNSETIFF, &named));
	snprintf(host, sizeof(host), "10.99.%d.1", subnet);
	set_address(any, device, SIOCSIFADDR, host);
	set_address(any, device, SIOCSIFNETMASK, "255.255.255.0");
	named.ifr_flags = IFF_UP | IFF_RUNNING;
	TRY(ioctl(any, SIOCSIFFLAGS, &named));
	close(any);
	return fd;
}

static void send_to_host(const char *host, char *source)
{
	union address at = inet_address(host, PORT);
	size_t length = take(source, bytes, ROOM);
	int fd = TRY(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));

	MUST(sendto(fd, bytes, length, 0, &at.any, length_of(&at)) == (ssize_t)length);
}

static void send_by(int subnet, char *source)
{
	char host[32];

	snprintf(host, sizeof(host), "10.99.%d.2", subnet);
	send_to_host(host, source);
}

/* The first packet of UDP that the device gives: others are the kernel's own (IPv6). */
static void sink_with_packet(int fd, char *sink)
{
	for (;;) {
		ssize_t length = TRY(read(fd, bytes, ROOM));
		const struct iphdr *ip = (const void *)bytes;

		if (ip->version == 4 && ip->protocol == IPPROTO_UDP && length > (ssize_t)HEADERS) {
			give(sink, bytes + HEADERS, length - HEADERS);
			return;
		}
	}
}

static void sent(char **at)
{
	int one, two;

	own_network();
	one = tun("first", 1);
	two = tun("second", 2);
	wait_for(start(send_by, 1, at[0]));
	wait_for(start(send_by, 2, at[2]));
	wait_for(start(sink_with_packet, one, at[1]));
	wait_for(start(sink_with_packet, two, at[3]));
}

static void sent_blocked(char **at)
{
	pid_t waits;
	int one;

	own_network();
	one = tun("first", 1);
	waits = start(sink_with_packet, one, at[1]);
	wait_until_asleep(waits);
	wait_for(start(send_by, 1, at[0]));
	wait_for(waits);
}

static uint16_t sum_of(const void *header, size_t length)
{
	const uint16_t *word = header;
	uint32_t sum = 0;

	for (size_t i = 0; i < length / 2; i++)
		sum += word[i];
	sum = (sum & 0xffff) + (sum >> 16);
	return ~(sum + (sum >> 16));
}

/* Writes a packet into the device, as if it came from its network. */
static void write_packet(int fd, char *source)
{
	static struct {
		struct iphdr ip;
		struct udphdr udp;
		char data[ROOM];
	} __attribute__((packed)) packet;
	size_t length = take(source, packet.data, ROOM - 1);
	union address from = inet_address("10.99.1.2", 0), to = inet_address("10.99.1.1", 0);

	packet.ip = (struct iphdr){ .version = 4, .ihl = 5, .tot_len = htons(HEADERS + length), .ttl = 64, .protocol = IPPROTO_UDP,
				    .saddr = from.inet.sin_addr.s_addr, .daddr = to.inet.sin_addr.s_addr };
	packet.ip.check = sum_of(&packet.ip, sizeof(packet.ip));
	packet.udp = (struct udphdr){ .source = htons(7), .dest = htons(PORT), .len = htons(sizeof(packet.udp) + length) };
	MUST(write(fd, &packet, HEADERS + length) == (ssize_t)(HEADERS + length));
}

static void came(char **at)
{
	union address here;
	int device, fd;

	own_network();
	device = tun("first", 1);
	here = inet_address("10.99.1.1", PORT);
	fd = TRY(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	TRY(bind(fd, &here.any, length_of(&here)));
	wait_for(start(write_packet, device, at[0]));
	wait_for(start(sink_with_read, fd, at[1]));
}

/* ---- a packet socket whose packets are mapped ---- */

#define FRAME 2048
#define FRAMES 32

static void send_over_loopback(int none, char *source)
{
	(void)none;
	send_to_host("127.0.0.1", source);
}

static void sink_with_ring(char *ring, const char *mark, char *sink)
{
	for (int i = 0; i < FRAMES; i++) {
		struct tpacket_hdr *frame = (void *)(ring + i * FRAME);
		char *data = (char *)frame + frame->tp_mac;
		char *found = frame->tp_status & TP_STATUS_USER ? memmem(data, frame->tp_snaplen, mark, strlen(mark)) : NULL;

		if (found) {
			give(sink, found, frame->tp_snaplen - (found - data));
			return;
		}
	}
	MUST(!"the packet is in the ring");
}

static void ring(char **at)
{
	struct tpacket_req wanted = { .tp_block_size = FRAME * FRAMES, .tp_block_nr = 1, .tp_frame_size = FRAME, .tp_frame_nr = FRAMES };
	struct sockaddr_ll here = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	char *mapped;
	int fd;

	own_network();
	fd = TRY_HERE(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL)), "packet sockets");
	here.sll_ifindex = TRY(if_nametoindex("lo"));
	TRY(bind(fd, (struct sockaddr *)&here, sizeof(here)));
	TRY(setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &wanted, sizeof(wanted)));
	mapped = mmap(NULL, FRAME * FRAMES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	MUST(mapped != MAP_FAILED);
	wait_for(start(send_over_loopback, 0, at[0]));
	usleep(100000);
	sink_with_ring(mapped, "source of", at[1]);
}

static const struct mode modes[] = {
	{ "sent", sent }, { "sent-blocked", sent_blocked }, { "came", came }, { "ring", ring },
};

int main(int count, char **argv)
{
	(void)count;
	return RUN_MODE(modes, argv);
}
