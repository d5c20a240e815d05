// The line editor. Typing at the end of the line sends just the typed bytes, so a log of the console stays plain.
#include "line.h"

#include "input.h"
#include "print.h"
#include "text.h"
#include "timer.h"

enum { HISTORY = 8, ESCAPE_MS = 50 };
enum { CTRL_A = 1, CTRL_B, CTRL_C, CTRL_D, CTRL_E, CTRL_F, BELL = 7, CTRL_H = 8, TAB = 9, CTRL_K = 11, CTRL_L = 12 };
enum { CTRL_N = 14, CTRL_P = 16, CTRL_U = 21, CTRL_W = 23, ESCAPE = 27, DELETE = 127 };

static char history[HISTORY][LINE_SIZE];
static unsigned history_count;

struct editor {
  char *text;
  const char *prompt;
  unsigned length, cursor;
  // How many lines back in history the shown line is; 0 is the one being typed.
  unsigned back;
};

// Code points, not bytes: what a cursor passes over. Continuation bytes of UTF-8 are 10xxxxxx.
static unsigned columns(const char *text, unsigned bytes) {
  unsigned count = 0;
  for (unsigned i = 0; i < bytes; i++) count += ((uint8_t)text[i] & 0xc0) != 0x80;
  return count;
}

static unsigned before_cursor(const struct editor *editor) {
  unsigned at = editor->cursor;
  while (at > 0 && ((uint8_t)editor->text[--at] & 0xc0) == 0x80) {
  }
  return at;
}

static unsigned after_cursor(const struct editor *editor) {
  unsigned at = editor->cursor;
  if (at < editor->length) at++;
  while (at < editor->length && ((uint8_t)editor->text[at] & 0xc0) == 0x80) at++;
  return at;
}

static void move_left(unsigned count) {
  if (count > 0) print("\033[%uD", count);
}

static void move_to(struct editor *editor, unsigned at) {
  if (at < editor->cursor) move_left(columns(editor->text + at, editor->cursor - at));
  else for (; editor->cursor < at; editor->cursor++) print("%c", editor->text[editor->cursor]);
  editor->cursor = at;
}

// Shows again what is behind the cursor, after it changed.
static void redraw_tail(const struct editor *editor) {
  print("%s\033[K", editor->text + editor->cursor);
  move_left(columns(editor->text + editor->cursor, editor->length - editor->cursor));
}

static void insert(struct editor *editor, const char *bytes, unsigned count) {
  if (editor->length + count >= LINE_SIZE) {
    print("%c", BELL);
    return;
  }
  char *at = editor->text + editor->cursor;
  memmove(at + count, at, editor->length - editor->cursor + 1);
  memcpy(at, bytes, count);
  editor->length += count;
  editor->cursor += count;
  for (unsigned i = 0; i < count; i++) print("%c", bytes[i]);
  if (editor->cursor < editor->length) redraw_tail(editor);
}

static void erase(struct editor *editor, unsigned from, unsigned to) {
  if (from == to) return;
  bool at_end = to == editor->length;
  move_to(editor, from);
  memmove(editor->text + from, editor->text + to, editor->length - to + 1);
  editor->length -= to - from;
  if (at_end) print("\033[K");
  else redraw_tail(editor);
}

static void replace(struct editor *editor, const char *text) {
  erase(editor, 0, editor->length);
  insert(editor, text, (unsigned)text_length(text));
}

static void show_history(struct editor *editor, unsigned back) {
  unsigned kept = history_count < HISTORY ? history_count : HISTORY;
  if (back > kept) return;
  editor->back = back;
  replace(editor, back == 0 ? "" : history[(history_count - back) % HISTORY]);
}

static void remember(const char *line) {
  if (line[0] == 0) return;
  if (history_count > 0 && text_equal(history[(history_count - 1) % HISTORY], line)) return;
  memcpy(history[history_count++ % HISTORY], line, text_length(line) + 1);
}

static unsigned word_start(const struct editor *editor) {
  unsigned at = editor->cursor;
  while (at > 0 && editor->text[at - 1] == ' ') at--;
  while (at > 0 && editor->text[at - 1] != ' ') at--;
  return at;
}

static void complete_word(struct editor *editor, const char *(*complete)(const char *)) {
  const char *word = editor->cursor == editor->length && editor->length > 0 ? complete(editor->text) : 0;
  if (!word) {
    print("%c", BELL);
    return;
  }
  insert(editor, word + editor->length, (unsigned)text_length(word) - editor->length);
  insert(editor, " ", 1);
}

static void redraw_screen(const struct editor *editor) {
  print("\033[H\033[2J%s%s", editor->prompt, editor->text);
  move_left(columns(editor->text + editor->cursor, editor->length - editor->cursor));
}

// Cursor keys arrive as ESC [ or ESC O, digits, and a final letter. An ESC key by itself is followed by nothing.
static void escape_sequence(struct editor *editor) {
  int key = input_wait(timer_now() + timer_ticks(ESCAPE_MS));
  if (key != '[' && key != 'O') return;
  unsigned number = 0;
  do {
    key = input_wait(timer_now() + timer_ticks(ESCAPE_MS));
    if (key >= '0' && key <= '9') number = number * 10 + (unsigned)(key - '0');
  } while ((key >= '0' && key <= '9') || key == ';');
  switch (key) {
    case 'A': show_history(editor, editor->back + 1); break;
    case 'B': if (editor->back > 0) show_history(editor, editor->back - 1); break;
    case 'C': move_to(editor, after_cursor(editor)); break;
    case 'D': move_to(editor, before_cursor(editor)); break;
    case 'F': move_to(editor, editor->length); break;
    case 'H': move_to(editor, 0); break;
    case '~':
      if (number == 1 || number == 7) move_to(editor, 0);
      if (number == 4 || number == 8) move_to(editor, editor->length);
      if (number == 3) erase(editor, editor->cursor, after_cursor(editor));
      break;
  }
}

// A code point of several bytes goes in whole: half of one would garble what is behind the cursor.
static void insert_typed(struct editor *editor, int first) {
  char bytes[4] = {(char)first};
  unsigned count = 1, size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
  while (count < size) {
    int key = input_wait(timer_now() + timer_ticks(ESCAPE_MS));
    if (key < 0x80 || key > 0xbf) break;
    bytes[count++] = (char)key;
  }
  insert(editor, bytes, count);
}

static void edit(struct editor *editor, int key) {
  switch (key) {
    case CTRL_A: move_to(editor, 0); break;
    case CTRL_B: move_to(editor, before_cursor(editor)); break;
    case CTRL_D: erase(editor, editor->cursor, after_cursor(editor)); break;
    case CTRL_E: move_to(editor, editor->length); break;
    case CTRL_F: move_to(editor, after_cursor(editor)); break;
    case CTRL_H:
    case DELETE: erase(editor, before_cursor(editor), editor->cursor); break;
    case CTRL_K: erase(editor, editor->cursor, editor->length); break;
    case CTRL_L: redraw_screen(editor); break;
    case CTRL_N: if (editor->back > 0) show_history(editor, editor->back - 1); break;
    case CTRL_P: show_history(editor, editor->back + 1); break;
    case CTRL_U: erase(editor, 0, editor->cursor); break;
    case CTRL_W: erase(editor, word_start(editor), editor->cursor); break;
    case ESCAPE: escape_sequence(editor); break;
    default:
      if (key >= ' ') insert_typed(editor, key);
  }
}

bool line_read(char line[LINE_SIZE], const char *prompt, const char *(*complete)(const char *prefix)) {
  struct editor editor = {.text = line, .prompt = prompt};
  line[0] = 0;
  print("%s", prompt);
  for (;;) {
    int key = input_wait(TIMER_NEVER);
    if (key == CTRL_C || key == KEY_BREAK) {
      print(key == KEY_BREAK ? "[break]\n" : "^C\n");
      return false;
    }
    if (key == '\r') {
      print("\n");
      remember(line);
      return true;
    }
    if (key == TAB) complete_word(&editor, complete);
    else edit(&editor, key);
  }
}
