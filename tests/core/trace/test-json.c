/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/json.h"

#include <locale.h>

static void
test_structure (void)
{
  g_autoptr (GString) out = g_string_new (NULL);

  trama_json_begin_object (out, NULL);
  trama_json_add_string (out, "name", "lo");
  trama_json_add_signed (out, "least", G_MININT64);
  trama_json_add_unsigned (out, "most", G_MAXUINT64);
  trama_json_add_null (out, "nothing");
  trama_json_begin_array (out, "list");
  trama_json_add_unsigned (out, NULL, 1);
  trama_json_add_string (out, NULL, "{");
  trama_json_begin_object (out, NULL);
  trama_json_end_object (out);
  trama_json_begin_object (out, NULL);
  trama_json_add_string (out, "a", NULL);
  trama_json_end_object (out);
  trama_json_end_array (out);
  trama_json_begin_object (out, "empty");
  trama_json_end_object (out);
  trama_json_end_object (out);
  g_assert_cmpstr (out->str, ==,
                   "{\"name\":\"lo\",\"least\":-9223372036854775808,\"most\":18446744073709551615,"
                   "\"nothing\":null,\"list\":[1,\"{\",{},{\"a\":null}],\"empty\":{}}");
}

/* One object on each line of the same string. */
static void
test_lines (void)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < 2; i++)
    {
      trama_json_begin_object (out, NULL);
      trama_json_add_unsigned (out, "n", i);
      trama_json_end_object (out);
      g_string_append_c (out, '\n');
    }
  g_assert_cmpstr (out->str, ==, "{\"n\":0}\n{\"n\":1}\n");
}

static void
test_strings (void)
{
  static const struct
  {
    const char *text, *json;
  } cases[] = {
    { "", "\"\"" },
    { "a \"quote\" and a \\", "\"a \\\"quote\\\" and a \\\\\"" },
    { "\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"" },
    { "\x01\x1f\x7f", "\"\\u0001\\u001f\\u007f\"" },
    { "\xe2\x86\x92 \xf0\x9f\x98\x80",
      "\"\xe2\x86\x92 \xf0\x9f\x98\x80\"" },                        /* an arrow, and beyond 16 bits */
    { "a\xff\xc3", "\"a\xef\xbf\xbd\xef\xbf\xbd\"" },               /* no UTF-8 */
    { "\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" }, /* half of a surrogate pair */
    { "</script>", "\"</script>\"" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) out = g_string_new (NULL);

      trama_json_add_string (out, NULL, cases[i].text);
      g_assert_cmpstr (out->str, ==, cases[i].json);
    }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trace/json/structure", test_structure);
  g_test_add_func ("/trace/json/lines", test_lines);
  g_test_add_func ("/trace/json/strings", test_strings);
  return g_test_run ();
}
