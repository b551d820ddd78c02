/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/session/emit.h"

#include "core/session/emit_private.h"
#include "core/session/nearest.h"
#include "core/trace/constant.h"

#include <glib/gi18n-lib.h>
#include <signal.h>
#include <string.h>

gboolean
trama_emit_is_inside (const TramaEmitter *emitter, guint actor)
{
  return emitter->actor < 0 || (guint) emitter->actor == actor;
}

/* The steps of the actors that are emitted, one after the other. @at is 0 at first. NULL behind the last. */
static const TramaStep *
next_step (const TramaEmitter *emitter, guint *actor, guint *at)
{
  for (; *actor < trama_session_n_actors (emitter->session); (*actor)++, *at = 0)
    {
      const TramaScript *script = trama_session_get_actor (emitter->session, *actor);

      if (trama_emit_is_inside (emitter, *actor) && *at < script->n_steps)
        return &script->steps[(*at)++];
    }
  return NULL;
}

gboolean
trama_emit_has_step (const TramaEmitter *emitter, TramaStepKind kind)
{
  guint actor = 0, at = 0;

  for (const TramaStep *step = next_step (emitter, &actor, &at); step != NULL;
       step = next_step (emitter, &actor, &at))
    if (step->kind == (guint32) kind)
      return TRUE;
  return FALSE;
}

/* Signals that are waited for, and given by nobody outside, are counters in shared memory. */
static void
name_signals (TramaEmitter *emitter)
{
  guint actor = 0, at = 0;

  for (const TramaStep *step = next_step (emitter, &actor, &at); step != NULL;
       step = next_step (emitter, &actor, &at))
    if (step->kind == TRAMA_STEP_WAIT && emitter->signals[step->signal] == NULL)
      emitter->signals[step->signal] = trama_emit_new_name (
          emitter, trama_session_get_signal (emitter->session, step->signal));
  for (guint i = 0; i < trama_session_n_actors (emitter->session); i++)
    {
      const TramaScript *script = trama_session_get_actor (emitter->session, i);

      for (guint k = 0; k < script->n_steps && !trama_emit_is_inside (emitter, i); k++)
        if (script->steps[k].kind == TRAMA_STEP_SIGNAL)
          emitter->signals[script->steps[k].signal] = NULL;
    }
}

static gboolean
has_shared (const TramaEmitter *emitter)
{
  for (guint i = 0; i < TRAMA_SESSION_MAX_SIGNALS; i++)
    if (emitter->signals[i] != NULL)
      return TRUE;
  return trama_emit_has_pids (emitter);
}

/* A number that no actor ends with of its own will. */
static void
choose_failure (TramaEmitter *emitter)
{
  gboolean used[256] = { FALSE };
  guint actor = 0, at = 0;
  guint status = 1;

  for (const TramaStep *step = next_step (emitter, &actor, &at); step != NULL;
       step = next_step (emitter, &actor, &at))
    if (step->kind == TRAMA_STEP_EXIT)
      used[step->number & 0xff] = TRUE;
  while (status < G_N_ELEMENTS (used) - 1 && used[status])
    status++;
  emitter->failure = status == 1 ? "EXIT_FAILURE" : trama_emit_keep (emitter, "%u", status);
}

/* Of the signals that have a handler in a session, those that the emitted actors may get. */
static void
write_handlers (TramaEmitter *emitter)
{
  static const int numbers[] = { SIGUSR1, SIGUSR2, SIGALRM, SIGURG };
  gboolean first = TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autoptr (GString) name = g_string_new (NULL);

      if (!trama_emit_may_get (emitter, numbers[i]))
        continue;
      if (first)
        {
          trama_emit_gap (emitter);
          trama_emit_comment (emitter, _ ("A call that waits ends with EINTR when such a signal is caught."));
        }
      first = FALSE;
      trama_constant_append (name, TRAMA_PARAMETER_SIGNAL, numbers[i]);
      trama_emit_need_helper (emitter, TRAMA_EMIT_ON_SIGNAL);
      trama_emit_line (emitter, "sigaction(%s, &(struct sigaction){ .sa_handler = on_signal }, NULL);",
                       name->str);
    }
}

static void
write_shared (TramaEmitter *emitter)
{
  if (!has_shared (emitter))
    return;
  trama_emit_need_header (emitter, TRAMA_EMIT_SYS_MMAN_H);
  trama_emit_need_header (emitter, TRAMA_EMIT_STDATOMIC_H);
  trama_emit_need_helper (emitter, TRAMA_EMIT_DIE);
  trama_emit_gap (emitter);
  trama_emit_line (emitter, "shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,");
  trama_emit_line (emitter, "              MAP_SHARED | MAP_ANONYMOUS, -1, 0);");
  trama_emit_line (emitter, "if (shared == MAP_FAILED)");
  trama_emit_line (emitter, "    die(\"mmap\");");
}

static void
declare_shared (TramaEmitter *emitter)
{
  if (!has_shared (emitter))
    return;
  trama_emit_comment (emitter,
                      _ ("What the processes share: how often each signal was given, and who is who."));
  trama_emit_line (emitter, "struct shared {");
  for (guint i = 0; i < TRAMA_SESSION_MAX_SIGNALS; i++)
    if (emitter->signals[i] != NULL)
      trama_emit_line (emitter, "    atomic_int %s;", emitter->signals[i]);
  trama_emit_declare_pids (emitter);
  trama_emit_line (emitter, "};");
  trama_emit_line (emitter, "static struct shared *shared;\n");
}

/* Takes what was written since. */
static GString *
take_code (TramaEmitter *emitter)
{
  GString *code = emitter->code;

  emitter->code = g_string_new (NULL);
  return code;
}

static void
append_code (TramaEmitter *emitter, GString *code)
{
  g_string_append_len (emitter->code, code->str, (gssize) code->len);
  g_string_free (code, TRUE);
}

static void
write_function (TramaEmitter *emitter, guint actor)
{
  GString *before = take_code (emitter);
  GString *body;

  emitter->who = trama_emit_keep (emitter, "%s: ", trama_session_get_actor (emitter->session, actor)->name);
  trama_emit_script (emitter, actor);
  body = take_code (emitter);
  append_code (emitter, before);
  emitter->indent = 0;
  trama_emit_line (emitter, "static void");
  trama_emit_line (emitter, "run_%s(void)", emitter->script->name);
  trama_emit_line (emitter, "{");
  emitter->indent = 1;
  trama_emit_declarations (emitter);
  append_code (emitter, body);
  emitter->indent = 0;
  trama_emit_line (emitter, "}\n");
}

/* Whether a process may end otherwise than with status 0, and all is well. */
static gboolean
has_other_ends (const TramaEmitter *emitter)
{
  guint actor = 0, at = 0;

  for (const TramaStep *step = next_step (emitter, &actor, &at); step != NULL;
       step = next_step (emitter, &actor, &at))
    if (step->kind == TRAMA_STEP_KILL || (step->kind == TRAMA_STEP_EXIT && step->number != 0)
        || (step->kind == TRAMA_STEP_CALL && step->expect.kind == TRAMA_EXPECT_SIGNAL))
      return TRUE;
  return FALSE;
}

/* The actors that are emitted, each a process. */
static void
write_forks (TramaEmitter *emitter, guint n_actors)
{
  trama_emit_gap (emitter);
  trama_emit_line (emitter, "for (int i = 0; i < %u; i++) {", n_actors);
  trama_emit_line (emitter, "    pids[i] = fork();");
  trama_emit_line (emitter, "    if (pids[i] < 0)");
  trama_emit_line (emitter, "        die(\"fork\");");
  trama_emit_line (emitter, "    if (pids[i] == 0) {");
  trama_emit_line (emitter, "        run[i]();");
  trama_emit_line (emitter, "        exit(EXIT_SUCCESS);");
  trama_emit_line (emitter, "    }");
  trama_emit_line (emitter, "}");
  for (guint i = 0; i < trama_session_n_actors (emitter->session); i++)
    if (emitter->pids[i] != NULL)
      trama_emit_line (emitter, "atomic_store(&shared->%s, pids[%u]);", emitter->pids[i],
                       n_actors > 1 ? i : 0);
}

static void
write_waits (TramaEmitter *emitter, guint n_actors)
{
  trama_emit_gap (emitter);
  trama_emit_comment (emitter, _ ("When one of them fails, the others may wait for it for ever."));
  trama_emit_line (emitter, "while (wait(&status) > 0) {");
  if (has_other_ends (emitter))
    trama_emit_line (emitter, "    if (!WIFEXITED(status) || WEXITSTATUS(status) != %s)", emitter->failure);
  else
    trama_emit_line (emitter, "    if (status == 0)");
  trama_emit_line (emitter, "        continue;");
  if (!has_other_ends (emitter))
    {
      trama_emit_line (emitter, "    if (WIFSIGNALED(status))");
      trama_emit_line (emitter, "        psignal(WTERMSIG(status), \"a process was ended\");");
    }
  trama_emit_line (emitter, "    for (int i = 0; i < %u; i++)", n_actors);
  trama_emit_line (emitter, "        kill(pids[i], SIGTERM);");
  trama_emit_line (emitter, "    return EXIT_FAILURE;");
  trama_emit_line (emitter, "}");
  trama_emit_line (emitter, "return EXIT_SUCCESS;");
}

/* A parent that waited for its children would keep its descriptors open longer than the session does. */
static void
write_adoption (TramaEmitter *emitter)
{
  if (!trama_emit_has_step (emitter, TRAMA_STEP_FORK))
    return;
  trama_emit_need_header (emitter, TRAMA_EMIT_SYS_PRCTL_H);
  trama_emit_gap (emitter);
  trama_emit_comment (emitter, _ ("Who outlives the process that forked it becomes a child of this one."));
  trama_emit_line (emitter, "prctl(PR_SET_CHILD_SUBREAPER, 1);");
}

/* A main() that makes every actor a process. */
static void
write_stage (TramaEmitter *emitter)
{
  g_autoptr (GString) functions = g_string_new (NULL);
  guint n_actors = 0;

  trama_emit_need_helper (emitter, TRAMA_EMIT_DIE);
  trama_emit_need_header (emitter, TRAMA_EMIT_SIGNAL_H);
  trama_emit_need_header (emitter, TRAMA_EMIT_STDLIB_H);
  trama_emit_need_header (emitter, TRAMA_EMIT_SYS_WAIT_H);
  trama_emit_need_header (emitter, TRAMA_EMIT_UNISTD_H);
  trama_emit_line (emitter, "int");
  trama_emit_line (emitter, "main(void)");
  trama_emit_line (emitter, "{");
  emitter->indent = 1;
  for (guint i = 0; i < trama_session_n_actors (emitter->session); i++)
    if (trama_emit_is_inside (emitter, i))
      g_string_append_printf (functions, "%srun_%s", n_actors++ > 0 ? ", " : "",
                              trama_session_get_actor (emitter->session, i)->name);
  trama_emit_line (emitter, "void (*const run[])(void) = { %s };", functions->str);
  trama_emit_line (emitter, "pid_t pids[%u];", n_actors);
  trama_emit_line (emitter, "int status;");
  write_shared (emitter);
  write_handlers (emitter);
  write_adoption (emitter);
  write_forks (emitter, n_actors);
  write_waits (emitter, n_actors);
  emitter->indent = 0;
  trama_emit_line (emitter, "}");
}

/* A main() that is the actor. */
static void
write_alone (TramaEmitter *emitter, guint actor)
{
  GString *before = take_code (emitter);
  GString *body;

  emitter->who = "";
  trama_emit_script (emitter, actor);
  body = take_code (emitter);
  append_code (emitter, before);
  emitter->indent = 0;
  trama_emit_line (emitter, "int");
  trama_emit_line (emitter, "main(void)");
  trama_emit_line (emitter, "{");
  emitter->indent = 1;
  trama_emit_declarations (emitter);
  write_shared (emitter);
  if (emitter->pids[actor] != NULL)
    {
      trama_emit_need_header (emitter, TRAMA_EMIT_UNISTD_H);
      trama_emit_line (emitter, "atomic_store(&shared->%s, getpid());", emitter->pids[actor]);
    }
  write_handlers (emitter);
  trama_emit_gap (emitter);
  append_code (emitter, body);
  trama_emit_gap (emitter);
  trama_emit_line (emitter, "return 0;");
  emitter->indent = 0;
  trama_emit_line (emitter, "}");
}

static char *
write_program (TramaEmitter *emitter)
{
  GString *functions;

  name_signals (emitter);
  trama_emit_name_pids (emitter);
  choose_failure (emitter);
  emitter->catches = trama_emit_may_get (emitter, SIGUSR1) || trama_emit_may_get (emitter, SIGUSR2)
                     || trama_emit_may_get (emitter, SIGALRM) || trama_emit_may_get (emitter, SIGURG);
  if (emitter->actor >= 0 && !trama_emit_has_step (emitter, TRAMA_STEP_FORK))
    write_alone (emitter, (guint) emitter->actor);
  else
    {
      for (guint i = 0; i < trama_session_n_actors (emitter->session); i++)
        if (trama_emit_is_inside (emitter, i))
          write_function (emitter, i);
      write_stage (emitter);
    }
  functions = take_code (emitter);
  trama_emit_head (emitter);
  declare_shared (emitter);
  append_code (emitter, functions);
  return g_strdup (emitter->code->str);
}

/* "worker 2" is "worker", and stands in the program of who forked it. */
static gboolean
is_forked_by (const TramaScript *script, const char *name)
{
  for (guint i = 0; i < script->n_steps; i++)
    {
      const TramaStep *step = &script->steps[i];
      gsize size = step->kind == TRAMA_STEP_FORK ? strlen (step->name) : 0;

      if (size > 0 && strncmp (step->name, name, size) == 0 && (name[size] == '\0' || name[size] == ' '))
        return TRUE;
    }
  return FALSE;
}

static void
set_unknown (const TramaSession *session, const char *actor, GError **error)
{
  g_autofree char *shown = g_filename_display_name (actor);
  g_autoptr (GString) list = g_string_new (NULL);
  TramaNearest nearest;

  trama_nearest_init (&nearest, shown);
  for (guint i = 0; i < trama_session_n_actors (session); i++)
    {
      const char *name = trama_session_get_actor (session, i)->name;

      trama_nearest_offer (&nearest, name);
      g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", name);
    }
  if (nearest.best != NULL)
    g_set_error (error, TRAMA_SESSION_ERROR, TRAMA_SESSION_ERROR_NOT_FOUND,
                 _ ("unknown actor \"%s\"; did you mean \"%s\"? There are: %s"), shown, nearest.best,
                 list->str);
  else
    g_set_error (error, TRAMA_SESSION_ERROR, TRAMA_SESSION_ERROR_NOT_FOUND,
                 _ ("unknown actor \"%s\"; there are: %s"), shown, list->str);
}

static int
find_actor (const TramaSession *session, const char *actor, GError **error)
{
  for (guint i = 0; i < trama_session_n_actors (session); i++)
    if (strcmp (trama_session_get_actor (session, i)->name, actor) == 0)
      return (int) i;
  for (guint i = 0; i < trama_session_n_actors (session); i++)
    if (is_forked_by (trama_session_get_actor (session, i), actor))
      return (int) i;
  set_unknown (session, actor, error);
  return -1;
}

char *
trama_session_emit_c (const TramaSession *session, const char *actor, GError **error)
{
  TramaEmitter emitter = { .session = session, .actor = -1 };
  char *program;

  g_return_val_if_fail (session != NULL, NULL);

  if (actor != NULL)
    {
      emitter.actor = find_actor (session, actor, error);
      if (emitter.actor < 0)
        return NULL;
    }
  /* An actor that is alone needs no other process. */
  if (trama_session_n_actors (session) == 1)
    emitter.actor = 0;
  emitter.strings = g_string_chunk_new (1024);
  emitter.code = g_string_new (NULL);
  emitter.taken = g_hash_table_new (g_str_hash, g_str_equal);
  emitter.variables = g_array_new (FALSE, FALSE, sizeof (TramaEmitVariable));
  emitter.addresses = g_array_new (FALSE, FALSE, sizeof (TramaEmitAddress));
  emitter.forked = g_array_new (FALSE, FALSE, sizeof (TramaEmitForked));
  program = write_program (&emitter);
  g_string_chunk_free (emitter.strings);
  g_string_free (emitter.code, TRUE);
  g_hash_table_unref (emitter.taken);
  g_array_unref (emitter.variables);
  g_array_unref (emitter.addresses);
  g_array_unref (emitter.forked);
  g_free (emitter.block_ends);
  g_free (emitter.fork_names);
  return program;
}
