/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/undo_stack.h"

typedef struct
{
  const char *name;
  TramaUndoFunc func;
  gpointer data;
  GDestroyNotify free_data;
} Step;

struct _TramaUndoStack
{
  GObject parent_instance;

  GPtrArray *steps; /* of Step */
  guint n_done;     /* so many of them are done, the others undone */
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TramaUndoStack, trama_undo_stack, G_TYPE_OBJECT)

static void
free_step (gpointer data)
{
  Step *step = data;

  if (step->free_data != NULL)
    step->free_data (step->data);
  g_free (step);
}

static void
finalize (GObject *object)
{
  g_ptr_array_unref (TRAMA_UNDO_STACK (object)->steps);
  G_OBJECT_CLASS (trama_undo_stack_parent_class)->finalize (object);
}

static void
trama_undo_stack_class_init (TramaUndoStackClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", TRAMA_TYPE_UNDO_STACK, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                          NULL, G_TYPE_NONE, 0);
}

static void
trama_undo_stack_init (TramaUndoStack *self)
{
  self->steps = g_ptr_array_new_with_free_func (free_step);
}

TramaUndoStack *
trama_undo_stack_new (void)
{
  return g_object_new (TRAMA_TYPE_UNDO_STACK, NULL);
}

static Step *
step_at (TramaUndoStack *self, guint index)
{
  return g_ptr_array_index (self->steps, index);
}

void
trama_undo_stack_do (TramaUndoStack *self,
                     const char *name,
                     TramaUndoFunc func,
                     gpointer data,
                     GDestroyNotify free_data)
{
  Step *step;

  g_return_if_fail (TRAMA_IS_UNDO_STACK (self));
  g_return_if_fail (func != NULL);

  g_ptr_array_set_size (self->steps, (int) self->n_done);
  if (self->n_done == TRAMA_UNDO_MAX)
    g_ptr_array_remove_index (self->steps, 0);
  step = g_new (Step, 1);
  *step = (Step){ name, func, data, free_data };
  g_ptr_array_add (self->steps, step);
  self->n_done = self->steps->len;
  func (data, TRUE);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

gboolean
trama_undo_stack_can_undo (TramaUndoStack *self)
{
  g_return_val_if_fail (TRAMA_IS_UNDO_STACK (self), FALSE);
  return self->n_done > 0;
}

gboolean
trama_undo_stack_can_redo (TramaUndoStack *self)
{
  g_return_val_if_fail (TRAMA_IS_UNDO_STACK (self), FALSE);
  return self->n_done < self->steps->len;
}

const char *
trama_undo_stack_undo (TramaUndoStack *self)
{
  Step *step;

  if (!trama_undo_stack_can_undo (self))
    return NULL;
  step = step_at (self, --self->n_done);
  step->func (step->data, FALSE);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  return step->name;
}

const char *
trama_undo_stack_redo (TramaUndoStack *self)
{
  Step *step;

  if (!trama_undo_stack_can_redo (self))
    return NULL;
  step = step_at (self, self->n_done++);
  step->func (step->data, TRUE);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  return step->name;
}

void
trama_undo_stack_clear (TramaUndoStack *self)
{
  g_return_if_fail (TRAMA_IS_UNDO_STACK (self));

  if (self->steps->len == 0)
    return;
  self->n_done = 0;
  g_ptr_array_set_size (self->steps, 0);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}
