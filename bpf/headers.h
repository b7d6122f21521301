/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* What the headers of a packet of the internet's protocols say, whoever has it in hand and however it is read. */
#ifndef HEADWATER_HEADERS_H
#define HEADWATER_HEADERS_H

#include "endpoints.h"

/* Copies out of a packet that begins with its network header; 0 if it could. A constant where it is given, and so inlined. */
typedef long (*packet_reader)(const void *packet, u32 offset, void *to, u32 bytes);

/*
 * Addresses and protocol, as the receiver sees them; `payload`: where the network header ends. The version of the protocol, 0 if it is
 * not the internet's or cannot be read.
 */
static __always_inline u32 read_addresses(const void *packet, packet_reader read, struct endpoint *at, u32 *payload)
{
	u8 first = 0, protocol = 0;
	u32 ipv4[2];

	if (read(packet, 0, &first, 1))
		return 0;
	if (first >> 4 == 4) {
		if (read(packet, 9, &protocol, 1) || read(packet, 12, ipv4, sizeof(ipv4)))
			return 0;
		map_ipv4(&at->remote, ipv4[0]);
		map_ipv4(&at->local, ipv4[1]);
		*payload = (first & 0xf) * 4;
	} else if (first >> 4 == 6) {
		if (read(packet, 6, &protocol, 1) || read(packet, 8, &at->remote, 16) || read(packet, 24, &at->local, 16))
			return 0;
		*payload = 40;
	} else {
		return 0;
	}
	at->protocol = protocol;
	return first >> 4;
}

static __always_inline bool has_ports(const struct endpoint *at)
{
	return at->protocol == IPPROTO_TCP || at->protocol == IPPROTO_UDP;
}

/* The same of the ports, which come first in what follows. False if they cannot be read. */
static __always_inline bool read_ports(const void *packet, packet_reader read, struct endpoint *at, u32 payload)
{
	u16 ports[2];

	if (read(packet, payload, ports, sizeof(ports)))
		return false;
	at->remote_port = bpf_ntohs(ports[0]);
	at->local_port = bpf_ntohs(ports[1]);
	return true;
}

#endif
