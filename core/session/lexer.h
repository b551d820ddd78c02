/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * The words of one line of a session. Statements end with their line, so a lexer
 * is made for each. It is a plain struct: a copy of it looks ahead.
 */

#define TRAMA_LEXER_MAX_WORD 64 /* characters of a name, a number or an address */

typedef enum
{
  TRAMA_TOKEN_END,     /* of the line, or a comment */
  TRAMA_TOKEN_WORD,    /* listener, AF_INET */
  TRAMA_TOKEN_NUMBER,  /* begins with a digit: 64, -1, 0x40, 20ms; not yet checked */
  TRAMA_TOKEN_ADDRESS, /* 127.0.0.1:5000, [::1]:5000, also 1.5s; not yet checked */
  TRAMA_TOKEN_STRING,  /* "text\n"; .text is what it stands for */
  TRAMA_TOKEN_SYMBOL,  /* one of ( ) [ ] { } , : = | and "..", which is '.' */
  TRAMA_TOKEN_PROBLEM, /* .text says what is wrong at .at */
} TramaTokenKind;

typedef struct
{
  guint8 kind;      /* TramaTokenKind */
  char symbol;      /* of SYMBOL, else 0 */
  const char *at;   /* where it begins in the line */
  const char *text; /* NUL-terminated, in the lexer's chunk; NULL for END and SYMBOL */
  gsize size;       /* of .text; a string may hold NUL bytes */
} TramaToken;

typedef struct
{
  const char *at;        /* borrowed: the rest of the line */
  const char *end;       /* borrowed */
  GStringChunk *strings; /* borrowed: keeps what tokens point to */
} TramaLexer;

/* @line is valid UTF-8 without control characters, up to and without its end. */
void trama_lexer_init (TramaLexer *lexer, const char *line, const char *end, GStringChunk *strings);

/* The next token; after the last one, END for ever. */
void trama_lexer_next (TramaLexer *lexer, TramaToken *token);
