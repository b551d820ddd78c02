/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/decode/field.h"

/* The fields of a struct sockaddr, each as it lies in memory; see ip(7), ipv6(7), unix(7). */
TramaFields *trama_fields_of_address (const guint8 *address, gsize size);
