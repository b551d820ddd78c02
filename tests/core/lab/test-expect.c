/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/lab/expect.h"

#include "core/trace/call.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>

static TramaValue
number (gint64 value)
{
  return (TramaValue){ .kind = TRAMA_VALUE_NUMBER, .number = value };
}

static TramaValue
data (const void *bytes, guint32 size)
{
  return (TramaValue){ .kind = TRAMA_VALUE_DATA, .bytes = bytes, .size = size, .number = size };
}

static TramaCall
make_call (TramaCallName name, gint64 result, int error)
{
  return (TramaCall){ .name = (guint16) name,
                      .exit_ns = 1,
                      .result = result,
                      .error = error,
                      .n_args = trama_call_info (name)->n_parameters };
}

/* read(4, text, 64) as it returned. */
static TramaCall
make_read (const char *text)
{
  TramaCall call = make_call (TRAMA_CALL_READ, (gint64) strlen (text), 0);

  call.args[0] = number (4);
  call.args[1] = data (text, (guint32) strlen (text));
  call.args[2] = number (64);
  return call;
}

static TramaCall
make_write (gint64 result, int error)
{
  TramaCall call = make_call (TRAMA_CALL_WRITE, result, error);

  call.args[0] = number (4);
  call.args[1] = data ("Hello", 5);
  call.args[2] = number (5);
  return call;
}

static TramaOperand
bytes_operand (TramaOperandKind kind, const void *bytes, gsize size)
{
  return (TramaOperand){ .kind = kind, .bytes = bytes, .size = (guint32) size };
}

/* @message NULL: it is what was expected. */
static void
assert_check (const TramaExpect *expect, const TramaCall *call, const char *message)
{
  TramaStep step = { .kind = TRAMA_STEP_CALL, .call = call->name, .expect = *expect };
  g_autofree char *found = trama_expect_check (&step, call);

  g_assert_cmpstr (found, ==, message);
}

static void
test_success (void)
{
  TramaExpect nothing = { .kind = TRAMA_EXPECT_SUCCESS };
  TramaExpect any = { .kind = TRAMA_EXPECT_ANY };
  TramaCall good = make_write (5, 0);
  TramaCall none = make_write (0, 0);
  TramaCall bad = make_write (-1, EPIPE);

  assert_check (&nothing, &good, NULL);
  assert_check (&nothing, &none, NULL);
  assert_check (&nothing, &bad, "write(4, \"Hello\", 5) = -1 EPIPE: Broken pipe");
  assert_check (&any, &good, NULL);
  assert_check (&any, &bad, NULL);
}

static void
test_result (void)
{
  TramaExpect seven = { .kind = TRAMA_EXPECT_RESULT, .min = 7, .max = 7 };
  TramaExpect range = { .kind = TRAMA_EXPECT_RESULT, .min = 1, .max = 5 };
  TramaCall call = make_write (5, 0);
  TramaCall bad = make_write (-1, EAGAIN);

  assert_check (&range, &call, NULL);
  assert_check (&seven, &call, "write(4, \"Hello\", 5) = 5; 7 was expected");
  assert_check (&range, &bad, "write(4, \"Hello\", 5) = -1 EAGAIN; 1..5 was expected");
}

static void
test_error (void)
{
  TramaExpect refused = { .kind = TRAMA_EXPECT_ERROR, .error = ECONNREFUSED };
  TramaExpect some = { .kind = TRAMA_EXPECT_ERROR };
  TramaCall good = make_write (5, 0);
  TramaCall bad = make_write (-1, EPIPE);
  TramaCall right = make_write (-1, ECONNREFUSED);

  assert_check (&refused, &right, NULL);
  assert_check (&some, &bad, NULL);
  assert_check (&refused, &bad, "write(4, \"Hello\", 5) = -1 EPIPE; -1 ECONNREFUSED was expected");
  assert_check (&refused, &good, "write(4, \"Hello\", 5) = 5; -1 ECONNREFUSED was expected");
  assert_check (&some, &good, "write(4, \"Hello\", 5) = 5; -1 was expected");
}

/* It was to be ended in the call; that it came back is wrong, whatever it brought. */
static void
test_signal (void)
{
  TramaExpect pipe = { .kind = TRAMA_EXPECT_SIGNAL, .error = SIGPIPE };
  TramaCall good = make_write (5, 0);
  TramaCall bad = make_write (-1, EPIPE);

  assert_check (&pipe, &good, "write(4, \"Hello\", 5) = 5; SIGPIPE was expected");
  assert_check (&pipe, &bad, "write(4, \"Hello\", 5) = -1 EPIPE; SIGPIPE was expected");
}

static void
test_data (void)
{
  TramaExpect expect = { .kind = TRAMA_EXPECT_RESULT, .min = 0, .max = 64 };
  TramaCall call = make_read ("Hello?\n");

  expect.data = bytes_operand (TRAMA_OPERAND_DATA, "Hello?\n", 7);
  assert_check (&expect, &call, NULL);
  expect.data = bytes_operand (TRAMA_OPERAND_DATA, "Hello!\n", 7);
  assert_check (&expect, &call, "read(4, \"Hello?\\n\", 64) = 7; from byte 5 on \"!\\n\" was expected");
  expect.data = bytes_operand (TRAMA_OPERAND_DATA, "Bye", 3);
  assert_check (&expect, &call, "read(4, \"Hello?\\n\", 64) = 7; \"Bye\" was expected");
  expect.data = bytes_operand (TRAMA_OPERAND_DATA, "Hello", 5);
  assert_check (&expect, &call, "read(4, \"Hello?\\n\", 64) = 7; from byte 5 on \"\" was expected");
  call = make_read ("");
  assert_check (&expect, &call, "read(4, \"\", 64) = 0; \"Hello\" was expected");
}

/* The pattern of fill () is the alphabet. */
static void
test_fill (void)
{
  TramaExpect expect = { .kind = TRAMA_EXPECT_SUCCESS, .data = { .kind = TRAMA_OPERAND_FILL, .number = 6 } };
  TramaCall call = make_read ("abcdef");

  assert_check (&expect, &call, NULL);
  call = make_read ("abcdxf");
  assert_check (&expect, &call, "read(4, \"abcdxf\", 64) = 6; from byte 4 on \"ef\" was expected");
  expect.data.number = 0;
  call = make_read ("");
  assert_check (&expect, &call, NULL);
}

static void
test_address (void)
{
  struct sockaddr_in wanted = { .sin_family = AF_INET,
                                .sin_port = htons (5000),
                                .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  struct sockaddr_in other = wanted;
  TramaExpect expect = { .kind = TRAMA_EXPECT_SUCCESS };
  TramaCall call = make_call (TRAMA_CALL_GETSOCKNAME, 0, 0);

  expect.address = bytes_operand (TRAMA_OPERAND_ADDRESS, &wanted, sizeof wanted);
  other.sin_port = htons (5001);
  call.args[0] = number (3);
  call.args[1] =
      (TramaValue){ .kind = TRAMA_VALUE_ADDRESS, .bytes = (guint8 *) &wanted, .size = sizeof wanted };
  call.args[2] = number (sizeof wanted);
  assert_check (&expect, &call, NULL);
  call.args[1].bytes = (guint8 *) &other;
  assert_check (&expect, &call, "getsockname(3, 127.0.0.1:5001) = 0; 127.0.0.1:5000 was expected");
}

static TramaCall
make_getsockopt (int level, int option, const void *value, guint32 size)
{
  TramaCall call = make_call (TRAMA_CALL_GETSOCKOPT, 0, 0);

  call.args[0] = number (3);
  call.args[1] = number (level);
  call.args[2] = number (option);
  call.args[3] = data (value, size);
  call.args[4] = number (size);
  return call;
}

static void
test_option (void)
{
  int error = ECONNREFUSED;
  struct linger linger = { 1, 0 }, other = { 1, 5 };
  TramaExpect expect = { .kind = TRAMA_EXPECT_RESULT };
  TramaCall call = make_getsockopt (SOL_SOCKET, SO_ERROR, &error, sizeof error);

  expect.value = (TramaOperand){ .kind = TRAMA_OPERAND_NUMBER, .number = ECONNREFUSED };
  assert_check (&expect, &call, NULL);
  expect.value.number = EPIPE;
  assert_check (&expect, &call, "getsockopt(3, SOL_SOCKET, SO_ERROR, ECONNREFUSED) = 0; EPIPE was expected");
  call = make_getsockopt (SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
  expect.value = bytes_operand (TRAMA_OPERAND_DATA, &linger, sizeof linger);
  assert_check (&expect, &call, NULL);
  expect.value = bytes_operand (TRAMA_OPERAND_DATA, &other, sizeof other);
  assert_check (&expect, &call, "getsockopt(3, SOL_SOCKET, SO_LINGER, {1, 0}) = 0; {1, 5} was expected");
}

/* The kernel gives TCP_CONGESTION with zeros behind it, tcp(7). */
static void
test_option_text (void)
{
  TramaExpect expect = { .kind = TRAMA_EXPECT_RESULT };
  TramaCall call = make_getsockopt (IPPROTO_TCP, 13, "reno\0\0\0\0\0\0\0\0\0\0\0\0", 16);

  expect.value = bytes_operand (TRAMA_OPERAND_DATA, "reno", 4);
  assert_check (&expect, &call, NULL);
  expect.value = bytes_operand (TRAMA_OPERAND_DATA, "ren", 3);
  assert_check (&expect, &call,
                "getsockopt(3, IPPROTO_TCP, TCP_CONGESTION, \"reno\") = 0; \"ren\" was expected");
}

static void
test_poll (void)
{
  struct pollfd polled[] = { { 3, POLLIN | POLLOUT, POLLOUT }, { 4, POLLIN, 0 } };
  TramaExpect expect = { .kind = TRAMA_EXPECT_RESULT, .min = 1, .max = 1 };
  TramaCall call = make_call (TRAMA_CALL_POLL, 1, 0);
  TramaStep step = { .kind = TRAMA_STEP_CALL, .call = TRAMA_CALL_POLL };
  g_autofree char *message = NULL;

  call.args[0] = data (polled, sizeof polled);
  call.args[1] = number (2);
  call.args[2] = number (500);
  expect.value = (TramaOperand){ .kind = TRAMA_OPERAND_NUMBER, .number = POLLOUT };
  assert_check (&expect, &call, NULL);
  expect.value.number = POLLIN;
  step.expect = expect;
  message = trama_expect_check (&step, &call);
  g_assert_nonnull (message);
  g_assert_true (g_str_has_suffix (message, "; POLLIN was expected"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/expect/success", test_success);
  g_test_add_func ("/lab/expect/result", test_result);
  g_test_add_func ("/lab/expect/error", test_error);
  g_test_add_func ("/lab/expect/signal", test_signal);
  g_test_add_func ("/lab/expect/data", test_data);
  g_test_add_func ("/lab/expect/fill", test_fill);
  g_test_add_func ("/lab/expect/address", test_address);
  g_test_add_func ("/lab/expect/option", test_option);
  g_test_add_func ("/lab/expect/option-text", test_option_text);
  g_test_add_func ("/lab/expect/poll", test_poll);
  return g_test_run ();
}
