// What can be typed at the prompt.
#ifndef COMMANDS_H
#define COMMANDS_H

struct command {
  const char *name, *parameters, *summary;
  void (*run)(const struct command *self, const char *arguments);
};

// Ended by a null name.
extern const struct command commands[];

void print_usage(const struct command *command);

void inspect_memory(const struct command *self, const char *arguments);
void inspect_device_tree(const struct command *self, const char *arguments);
void inspect_registers(const struct command *self, const char *arguments);
void fill(const struct command *self, const char *arguments);

#endif
