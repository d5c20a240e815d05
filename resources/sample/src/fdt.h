// A small read-only reader of flattened device trees (Devicetree Specification 0.4, chapter 5).
#ifndef FDT_H
#define FDT_H

#include <stdbool.h>
#include <stdint.h>

struct fdt {
  uintptr_t address;
  const uint8_t *structs;
  uint32_t structs_size;
  const char *strings;
  uint32_t strings_size;
};

// Offset of a node in the structure block.
typedef int32_t fdt_node;
#define FDT_NONE ((fdt_node) - 1)

// False when there is no well-formed header at the address.
bool fdt_open(struct fdt *fdt, uintptr_t address);

fdt_node fdt_root(const struct fdt *fdt);
fdt_node fdt_first_child(const struct fdt *fdt, fdt_node node);
fdt_node fdt_next_sibling(const struct fdt *fdt, fdt_node node);
fdt_node fdt_parent(const struct fdt *fdt, fdt_node node);

// The node after this one in the order of the blob, which visits every node once.
fdt_node fdt_next(const struct fdt *fdt, fdt_node node);

// Looks up a path; a component without @unit matches the first node of that name.
// A path that does not begin with / is an alias. Anything from ':' on is ignored, as in stdout-path.
fdt_node fdt_find_path(const struct fdt *fdt, const char *path);
fdt_node fdt_find_compatible(const struct fdt *fdt, const char *compatible);
fdt_node fdt_find_phandle(const struct fdt *fdt, uint32_t phandle);

const char *fdt_name(const struct fdt *fdt, fdt_node node);
bool fdt_is_compatible(const struct fdt *fdt, fdt_node node, const char *compatible);
bool fdt_is_disabled(const struct fdt *fdt, fdt_node node);

// A property's bytes, or null; length in bytes.
const uint8_t *fdt_property(const struct fdt *fdt, fdt_node node, const char *name, uint32_t *length);
// A property as a terminated string, or null.
const char *fdt_string(const struct fdt *fdt, fdt_node node, const char *name);
// One 32-bit cell of a property; false when it is not there.
bool fdt_cell(const struct fdt *fdt, fdt_node node, const char *name, unsigned index, uint32_t *value);
// The index-th (address, size) pair of "reg", in the parent's cells; false when it is not there.
bool fdt_reg(const struct fdt *fdt, fdt_node node, unsigned index, uint64_t *address, uint64_t *size);

#endif
