// The prompt: reads a line, finds the command, runs it.
#include "shell.h"

#include "commands.h"
#include "line.h"
#include "print.h"
#include "text.h"

#define PROMPT ACCENT "armoire> " PLAIN

static const char *complete(const char *prefix) {
  const char *only = 0;
  for (const struct command *command = commands; command->name; command++) {
    if (!text_starts_with(command->name, prefix)) continue;
    if (only) return 0;
    only = command->name;
  }
  return only;
}

// Cuts the first word off; what remains are the arguments.
static const char *split(char *line) {
  char *at = line;
  while (*at && *at != ' ') at++;
  if (*at) *at++ = 0;
  return skip_spaces(at);
}

static void run(char *line) {
  char *name = (char *)skip_spaces(line);
  if (*name == 0) return;
  const char *arguments = split(name);
  for (const struct command *command = commands; command->name; command++) {
    if (text_equal(command->name, name)) {
      command->run(command, arguments);
      return;
    }
  }
  print("There is no command \"");
  print_untrusted(name);
  print("\"; " BOLD "help" PLAIN " lists them.\n");
}

void shell(void) {
  static char line[LINE_SIZE];
  for (;;) {
    if (line_read(line, PROMPT, complete)) run(line);
  }
}
