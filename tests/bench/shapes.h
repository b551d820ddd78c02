/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/store.h"

/*
 * Traces to measure with, of any size: each another load for who draws them. Times and
 * contents are the same in every run.
 */
typedef struct
{
  const char *name;
  guint most; /* events; what is recorded of calls takes much more memory than packets do */
  TramaStore *(*make) (guint n_events);
} Shape;

/* Up to one whose name is NULL. */
extern const Shape shapes[];
