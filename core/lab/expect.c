/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/lab/expect.h"

#include "core/decode/address.h"
#include "core/trace/option.h"

#include <glib/gi18n-lib.h>
#include <poll.h>
#include <string.h>

/* Of data that differs, shown from the first byte that does. */
#define SHOWN_BYTES 32

/* @what: as it is written in a session. */
static char *
say_expected (const TramaCall *call, const char *what)
{
  g_autofree char *text = trama_call_format (call);

  /* Translators: a call and its result as in C; what it should have given. */
  return g_strdup_printf (_ ("%s; %s was expected"), text, what);
}

static char *
say_error (const TramaCall *call)
{
  g_autofree char *text = trama_call_format (call);

  return g_strdup_printf ("%s: %s", text, g_strerror (call->error));
}

static char *
format_result (const TramaExpect *expect)
{
  const char *name = trama_errno_name (expect->error);

  if (expect->kind == TRAMA_EXPECT_ERROR)
    return expect->error == 0 ? g_strdup ("-1") : g_strdup_printf ("-1 %s", name != NULL ? name : "?");
  if (expect->kind == TRAMA_EXPECT_SIGNAL)
    {
      name = sigabbrev_np (expect->error);
      return g_strdup_printf ("SIG%s", name != NULL ? name : "?");
    }
  if (expect->min == expect->max)
    return g_strdup_printf ("%" G_GINT64_FORMAT, expect->min);
  return g_strdup_printf ("%" G_GINT64_FORMAT "..%" G_GINT64_FORMAT, expect->min, expect->max);
}

static gboolean
result_fits (const TramaExpect *expect, const TramaCall *call)
{
  switch (expect->kind)
    {
    case TRAMA_EXPECT_SUCCESS:
      return call->result >= 0;
    case TRAMA_EXPECT_RESULT:
      return call->result >= expect->min && call->result <= expect->max;
    case TRAMA_EXPECT_ERROR:
      return call->result == -1 && (expect->error == 0 || expect->error == call->error);
    default: /* who comes back from a call that was to end it by a signal has not been ended */
      return expect->kind == TRAMA_EXPECT_ANY;
    }
}

/* The argument of @call for its first parameter of that kind, NULL when it was not filled in. */
static const TramaValue *
find_argument (const TramaCall *call, TramaParameterKind kind, TramaValueKind value_kind)
{
  const TramaCallInfo *info = trama_call_info (call->name);

  for (guint i = 0; i < info->n_parameters; i++)
    if (info->parameters[i].kind == kind)
      return call->args[i].kind == value_kind ? &call->args[i] : NULL;
  return NULL;
}

static gsize
count_common (const guint8 *a, gsize a_size, const guint8 *b, gsize b_size)
{
  gsize n = 0;

  while (n < a_size && n < b_size && a[n] == b[n])
    n++;
  return n;
}

static char *
check_bytes (const TramaCall *call, const guint8 *bytes, gsize size)
{
  const TramaValue *data = find_argument (call, TRAMA_PARAMETER_DATA, TRAMA_VALUE_DATA);
  gsize got = data != NULL ? data->size : 0;
  gsize same = data != NULL ? count_common (data->bytes, got, bytes, size) : 0;
  g_autofree char *what = NULL;
  g_autofree char *text = NULL;

  if (same == got && same == size)
    return NULL;
  what = trama_bytes_format (bytes + same, size - same, size - same, SHOWN_BYTES);
  if (same == 0)
    return say_expected (call, what);
  text = trama_call_format (call);
  /* Translators: a call and its result as in C; the number of a byte, from 0; a string as in C. */
  return g_strdup_printf (_ ("%s; from byte %u on %s was expected"), text, (guint) same, what);
}

static char *
check_data (const TramaExpect *expect, const TramaCall *call)
{
  g_autofree guint8 *pattern = NULL;

  if (expect->data.kind != TRAMA_OPERAND_FILL)
    return check_bytes (call, expect->data.bytes, expect->data.size);
  pattern = g_malloc ((gsize) expect->data.number + 1);
  trama_session_fill (pattern, (gsize) expect->data.number);
  return check_bytes (call, pattern, (gsize) expect->data.number);
}

/* As text: where they are written alike they are the same. */
static char *
check_address (const TramaExpect *expect, const TramaCall *call)
{
  const TramaValue *given = find_argument (call, TRAMA_PARAMETER_ADDRESS, TRAMA_VALUE_ADDRESS);
  g_autofree char *wanted = trama_address_format (expect->address.bytes, expect->address.size);
  g_autofree char *got = given != NULL ? trama_address_format (given->bytes, given->size) : NULL;

  return g_strcmp0 (wanted, got) == 0 ? NULL : say_expected (call, wanted);
}

static char *
check_revents (const TramaExpect *expect, const TramaCall *call)
{
  const TramaValue *polled = find_argument (call, TRAMA_PARAMETER_POLL, TRAMA_VALUE_DATA);
  struct pollfd first = { 0 };
  g_autoptr (GString) what = NULL;

  if (polled != NULL && polled->size >= sizeof first)
    memcpy (&first, polled->bytes, sizeof first);
  if (first.revents == expect->value.number)
    return NULL;
  what = g_string_new (NULL);
  trama_constant_append (what, TRAMA_PARAMETER_POLL, expect->value.number);
  return say_expected (call, what->str);
}

/* Text may have its 0 and more of them behind it. */
static gboolean
option_equals (const TramaOption *option, const TramaValue *got, const guint8 *wanted, gsize size)
{
  gsize text_size;

  if (option == NULL || option->type != TRAMA_OPTION_TEXT)
    return got->size == size && memcmp (got->bytes, wanted, size) == 0;
  text_size = strnlen ((const char *) wanted, size);
  return strnlen ((const char *) got->bytes, got->size) == text_size
         && memcmp (got->bytes, wanted, text_size) == 0;
}

static char *
check_option (const TramaExpect *expect, const TramaCall *call)
{
  const TramaOption *option = trama_option_find (call->args[1].number, call->args[2].number);
  const TramaValue *got = find_argument (call, TRAMA_PARAMETER_OPTION_VALUE, TRAMA_VALUE_DATA);
  gint32 number = (gint32) expect->value.number;
  const guint8 *wanted = (const guint8 *) &number;
  gsize size = sizeof number;
  g_autofree char *what = NULL;

  if (expect->value.kind == TRAMA_OPERAND_DATA)
    {
      wanted = expect->value.bytes;
      size = expect->value.size;
    }
  if (got != NULL && option_equals (option, got, wanted, size))
    return NULL;
  what = trama_option_format_value (option, wanted, size);
  return say_expected (call, what);
}

char *
trama_expect_check (const TramaStep *step, const TramaCall *call)
{
  const TramaExpect *expect = &step->expect;
  g_autofree char *what = NULL;
  char *message = NULL;

  if (!result_fits (expect, call))
    {
      if (expect->kind == TRAMA_EXPECT_SUCCESS)
        return say_error (call);
      what = format_result (expect);
      return say_expected (call, what);
    }
  if (call->result < 0)
    return NULL;
  if (expect->data.kind != TRAMA_OPERAND_NONE)
    message = check_data (expect, call);
  if (message == NULL && expect->address.kind != TRAMA_OPERAND_NONE)
    message = check_address (expect, call);
  if (message == NULL && expect->value.kind != TRAMA_OPERAND_NONE)
    message = call->name == TRAMA_CALL_POLL ? check_revents (expect, call) : check_option (expect, call);
  return message;
}
