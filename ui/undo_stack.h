/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

/*
 * What was done and can be undone, and what was undone and can be done again. Knows
 * nothing of what that is: each step brings a function that goes either way. Keeps
 * the last TRAMA_UNDO_MAX steps. Lives on the main thread.
 *
 * Signal "changed": there is another step to undo or to redo.
 */
#define TRAMA_TYPE_UNDO_STACK (trama_undo_stack_get_type ())
G_DECLARE_FINAL_TYPE (TramaUndoStack, trama_undo_stack, TRAMA, UNDO_STACK, GObject)

#define TRAMA_UNDO_MAX 500

/* Does it (@forth) or takes it back. */
typedef void (*TramaUndoFunc) (gpointer data, gboolean forth);

TramaUndoStack *trama_undo_stack_new (void);

/*
 * Does it, and remembers how; what was undone cannot be done again. @name: static, and
 * untranslated, a noun: "note". Takes @data.
 */
void trama_undo_stack_do (TramaUndoStack *stack,
                          const char *name,
                          TramaUndoFunc func,
                          gpointer data,
                          GDestroyNotify free_data);

/* The name of the step; NULL: there is none. */
const char *trama_undo_stack_undo (TramaUndoStack *stack);
const char *trama_undo_stack_redo (TramaUndoStack *stack);

gboolean trama_undo_stack_can_undo (TramaUndoStack *stack);
gboolean trama_undo_stack_can_redo (TramaUndoStack *stack);

void trama_undo_stack_clear (TramaUndoStack *stack);
