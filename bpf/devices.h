/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * TUN and TAP: what sockets send to an address that is routed to such a device is read from its descriptor, and what is written
 * there is received by sockets. All descriptors are open files of the one node /dev/net/tun, so each stands for the device that it is
 * attached to: the same object as that of the device's frames (wires.h), which packet sockets put into and take from. Until it
 * is attached it is an object of its own.
 *
 *   read	the packet says whence it came, as it is copied (skb_copy_datagram_iovec): socket -> frames, then frames -> process
 *   written	process -> frames; and frames -> socket where one takes something from a remote end. Which device that came by is
 *		known of TCP; of others each such device of the network namespace is taken for it
 */
#ifndef HEADWATER_DEVICES_H
#define HEADWATER_DEVICES_H

#include "flow.h"
#include "read.h"

/* include/uapi/linux/miscdevice.h: TUN_MINOR, of major 10 */
#define DEV_TUN (10 << 20 | 200)

/*
 * drivers/net/tun.c may be a module, of whose types the kernel's BTF knows nothing. struct tun_file begins with a socket in both
 * its forms, which are known, and then comes the device; struct tun_struct begins with 256 queues, and four words. So since 3.8.
 */
#define CACHE_LINE 64
#define TUN_DEVICE_AT (256 * 8 + 4 * 4)

/* Set when such a descriptor was met: until then nobody pays for them. */
u64 tuns_met;

/* The devices of a network namespace that descriptors are attached to. */
#define TUNS_MAX 8

struct tuns {
	u32 devices[TUNS_MAX];
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, u32);
	__type(value, struct tuns);
} tuns_of SEC(".maps");

static const struct tuns no_tuns = {};

static __always_inline bool is_tun(struct inode *inode)
{
	return (field(inode, i_mode) & S_IFMT) == S_IFCHR && field(inode, i_rdev) == DEV_TUN;
}

static __always_inline struct net_device *device_attached(struct file *file)
{
	void *queue = BPF_CORE_READ(file, private_data);
	u64 at = (bpf_core_type_size(struct sock) + CACHE_LINE - 1) & ~(u64)(CACHE_LINE - 1);
	struct net_device *device = NULL;
	void *tun = NULL;

	if (queue)
		bpf_probe_read_kernel(&tun, sizeof(tun), queue + at + bpf_core_type_size(struct socket));
	if (tun)
		bpf_probe_read_kernel(&device, sizeof(device), tun + TUN_DEVICE_AT);
	return device;
}

/* Remembered for those who receive. */
static __always_inline void note_device(u32 netns, u32 device)
{
	struct tuns *tuns = bpf_map_lookup_elem(&tuns_of, &netns);
	u32 i;

	if (!tuns) {
		bpf_map_update_elem(&tuns_of, &netns, &no_tuns, BPF_NOEXIST);
		tuns = bpf_map_lookup_elem(&tuns_of, &netns);
	}
	for (i = 0; tuns && i < TUNS_MAX; i++) {
		u32 there = tuns->devices[i];

		if (!there)
			there = __sync_val_compare_and_swap(&tuns->devices[i], 0, device) ?: device;
		if (there == device)
			return;
	}
	lost_of(LOSS_MAP_FULL, CLASS_TRANSFER);
}

/* The key of the device's frames. False if the descriptor is not attached yet. */
static __noinline bool device_key(struct file *file, struct inode_key *key)
{
	struct net_device *device = device_attached(file);
	u32 number, netns;

	tuns_met = 1;
	if (!device || !key)
		return false;
	number = BPF_CORE_READ(device, ifindex);
	netns = BPF_CORE_READ(device, nd_net.net, net_cookie);
	key->ino = WIRE_DEVICE | number;
	key->dev = OBJECT_DEVICE | OBJECT_WIRE;
	key->generation = netns;
	note_device(netns, number);
	return true;
}

#endif
