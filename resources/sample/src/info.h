// The banner and the table of facts about the machine.
#ifndef INFO_H
#define INFO_H

void print_banner(void);
void print_info(void);

#endif
