// A small read-only reader of flattened device trees. It trusts nothing in the blob: every offset is bounded.
#include "fdt.h"

#include "text.h"

enum { TOKEN_BEGIN = 1, TOKEN_END_NODE = 2, TOKEN_PROP = 3, TOKEN_NOP = 4, TOKEN_END = 9 };
enum { MAGIC = 0xd00dfeed, OLDEST_VERSION = 17, LARGEST_BLOB = 2 * 1024 * 1024, DEEPEST = 16 };

static uint32_t be32(const uint8_t *at) {
  return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

bool fdt_open(struct fdt *fdt, uintptr_t address) {
  const uint8_t *blob = (const uint8_t *)address;
  if (address == 0 || address % 8 != 0 || be32(blob) != MAGIC || be32(blob + 20) < OLDEST_VERSION) return false;
  uint32_t total = be32(blob + 4);
  uint32_t structs = be32(blob + 8), structs_size = be32(blob + 36);
  uint32_t strings = be32(blob + 12), strings_size = be32(blob + 32);
  if (total > LARGEST_BLOB || structs > total || structs_size > total - structs) return false;
  if (strings > total || strings_size > total - strings || structs % 4 != 0) return false;
  *fdt = (struct fdt){address, blob + structs, structs_size, (const char *)blob + strings, strings_size};
  return fdt_root(fdt) != FDT_NONE;
}

// Past the end, and for anything malformed, this reads as the end of the tree.
static uint32_t token_at(const struct fdt *fdt, uint32_t offset) {
  return offset + 4 <= fdt->structs_size ? be32(fdt->structs + offset) : TOKEN_END;
}

// Offset of the token that follows the one at the offset.
static uint32_t after_token(const struct fdt *fdt, uint32_t offset) {
  uint32_t end = fdt->structs_size;
  switch (token_at(fdt, offset)) {
    case TOKEN_BEGIN:
      for (uint32_t at = offset + 4; at < end; at++) {
        if (fdt->structs[at] == 0) return (at + 4) & ~3u;
      }
      return end;
    case TOKEN_PROP: {
      if (end - offset < 12) return end;
      uint32_t length = be32(fdt->structs + offset + 4);
      return length <= end - offset - 12 ? (offset + 12 + length + 3) & ~3u : end;
    }
    case TOKEN_NOP:
    case TOKEN_END_NODE:
      return offset + 4;
    default:
      return end;
  }
}

fdt_node fdt_root(const struct fdt *fdt) {
  uint32_t offset = 0;
  while (token_at(fdt, offset) == TOKEN_NOP) offset += 4;
  return token_at(fdt, offset) == TOKEN_BEGIN ? (fdt_node)offset : FDT_NONE;
}

fdt_node fdt_first_child(const struct fdt *fdt, fdt_node node) {
  uint32_t offset = after_token(fdt, (uint32_t)node);
  for (;;) {
    uint32_t token = token_at(fdt, offset);
    if (token == TOKEN_BEGIN) return (fdt_node)offset;
    if (token != TOKEN_PROP && token != TOKEN_NOP) return FDT_NONE;
    offset = after_token(fdt, offset);
  }
}

fdt_node fdt_next_sibling(const struct fdt *fdt, fdt_node node) {
  uint32_t offset = after_token(fdt, (uint32_t)node);
  for (unsigned depth = 1;;) {
    uint32_t token = token_at(fdt, offset);
    if (token == TOKEN_END) return FDT_NONE;
    if (token == TOKEN_BEGIN && depth++ == 0) return (fdt_node)offset;
    if (token == TOKEN_END_NODE && depth-- == 0) return FDT_NONE;
    offset = after_token(fdt, offset);
  }
}

fdt_node fdt_next(const struct fdt *fdt, fdt_node node) {
  for (uint32_t offset = after_token(fdt, (uint32_t)node);;) {
    uint32_t token = token_at(fdt, offset);
    if (token == TOKEN_BEGIN) return (fdt_node)offset;
    if (token == TOKEN_END) return FDT_NONE;
    offset = after_token(fdt, offset);
  }
}

fdt_node fdt_parent(const struct fdt *fdt, fdt_node node) {
  fdt_node open[DEEPEST];
  unsigned depth = 0;
  for (uint32_t offset = 0;;) {
    uint32_t token = token_at(fdt, offset);
    if (token == TOKEN_END) return FDT_NONE;
    if (token == TOKEN_BEGIN) {
      if ((fdt_node)offset == node) return depth > 0 ? open[depth - 1] : FDT_NONE;
      if (depth == DEEPEST) return FDT_NONE;
      open[depth++] = (fdt_node)offset;
    }
    if (token == TOKEN_END_NODE && depth > 0) depth--;
    offset = after_token(fdt, offset);
  }
}

const char *fdt_name(const struct fdt *fdt, fdt_node node) {
  uint32_t offset = (uint32_t)node;
  return after_token(fdt, offset) < fdt->structs_size ? (const char *)fdt->structs + offset + 4 : "";
}

static bool is_property_name(const struct fdt *fdt, uint32_t string, const char *name) {
  for (; string < fdt->strings_size; string++, name++) {
    if (fdt->strings[string] != *name) return false;
    if (*name == 0) return true;
  }
  return false;
}

const uint8_t *fdt_property(const struct fdt *fdt, fdt_node node, const char *name, uint32_t *length) {
  for (uint32_t offset = after_token(fdt, (uint32_t)node);;) {
    uint32_t token = token_at(fdt, offset), next = after_token(fdt, offset);
    if (token != TOKEN_PROP && token != TOKEN_NOP) return 0;
    if (token == TOKEN_PROP && next < fdt->structs_size &&
        is_property_name(fdt, be32(fdt->structs + offset + 8), name)) {
      *length = be32(fdt->structs + offset + 4);
      return fdt->structs + offset + 12;
    }
    offset = next;
  }
}

const char *fdt_string(const struct fdt *fdt, fdt_node node, const char *name) {
  uint32_t length = 0;
  const uint8_t *bytes = fdt_property(fdt, node, name, &length);
  return bytes && length > 0 && bytes[length - 1] == 0 ? (const char *)bytes : 0;
}

bool fdt_cell(const struct fdt *fdt, fdt_node node, const char *name, unsigned index, uint32_t *value) {
  uint32_t length = 0;
  const uint8_t *bytes = fdt_property(fdt, node, name, &length);
  if (!bytes || length / 4 <= index) return false;
  *value = be32(bytes + 4 * index);
  return true;
}

static uint64_t cells(const uint8_t *at, uint32_t count) {
  uint64_t value = 0;
  while (count-- > 0) {
    value = value << 32 | be32(at);
    at += 4;
  }
  return value;
}

bool fdt_reg(const struct fdt *fdt, fdt_node node, unsigned index, uint64_t *address, uint64_t *size) {
  fdt_node parent = fdt_parent(fdt, node);
  if (parent == FDT_NONE) return false;
  // The specification's defaults where the parent does not say (2.3.5).
  uint32_t address_cells = 2, size_cells = 1, length = 0;
  fdt_cell(fdt, parent, "#address-cells", 0, &address_cells);
  fdt_cell(fdt, parent, "#size-cells", 0, &size_cells);
  const uint8_t *reg = fdt_property(fdt, node, "reg", &length);
  if (!reg || address_cells > 2 || size_cells > 2) return false;
  uint32_t pair = 4 * (address_cells + size_cells);
  if (pair == 0 || length / pair <= index) return false;
  *address = cells(reg + index * pair, address_cells);
  *size = cells(reg + index * pair + 4 * address_cells, size_cells);
  return true;
}

// Whether a node's name is the path component of that length: "uart@9000000", or "uart" for any unit.
static bool names_component(const char *name, const char *component, uint32_t length) {
  for (uint32_t i = 0; i < length; i++) {
    if (name[i] != component[i]) return false;
  }
  return name[length] == 0 || name[length] == '@';
}

static fdt_node find_absolute(const struct fdt *fdt, const char *path) {
  fdt_node node = fdt_root(fdt);
  while (node != FDT_NONE) {
    while (*path == '/') path++;
    uint32_t length = 0;
    while (path[length] != 0 && path[length] != '/' && path[length] != ':') length++;
    if (length == 0) return node;
    node = fdt_first_child(fdt, node);
    while (node != FDT_NONE && !names_component(fdt_name(fdt, node), path, length)) {
      node = fdt_next_sibling(fdt, node);
    }
    path += length;
  }
  return FDT_NONE;
}

fdt_node fdt_find_path(const struct fdt *fdt, const char *path) {
  if (path[0] == '/') return find_absolute(fdt, path);
  char alias[32];
  uint32_t length = 0;
  while (path[length] != 0 && path[length] != ':' && length < sizeof alias - 1) {
    alias[length] = path[length];
    length++;
  }
  alias[length] = 0;
  fdt_node aliases = find_absolute(fdt, "/aliases");
  const char *target = aliases == FDT_NONE ? 0 : fdt_string(fdt, aliases, alias);
  return target && target[0] == '/' ? find_absolute(fdt, target) : FDT_NONE;
}

bool fdt_is_compatible(const struct fdt *fdt, fdt_node node, const char *compatible) {
  uint32_t length = 0;
  const uint8_t *bytes = fdt_property(fdt, node, "compatible", &length);
  if (!bytes || length == 0 || bytes[length - 1] != 0) return false;
  for (const char *at = (const char *)bytes; at < (const char *)bytes + length; at += text_length(at) + 1) {
    if (text_equal(at, compatible)) return true;
  }
  return false;
}

bool fdt_is_disabled(const struct fdt *fdt, fdt_node node) {
  const char *status = fdt_string(fdt, node, "status");
  return status && !text_equal(status, "okay") && !text_equal(status, "ok");
}

fdt_node fdt_find_compatible(const struct fdt *fdt, const char *compatible) {
  fdt_node disabled = FDT_NONE;
  for (fdt_node node = fdt_root(fdt); node != FDT_NONE; node = fdt_next(fdt, node)) {
    if (!fdt_is_compatible(fdt, node, compatible)) continue;
    if (!fdt_is_disabled(fdt, node)) return node;
    if (disabled == FDT_NONE) disabled = node;
  }
  return disabled;
}

fdt_node fdt_find_phandle(const struct fdt *fdt, uint32_t phandle) {
  for (fdt_node node = fdt_root(fdt); node != FDT_NONE; node = fdt_next(fdt, node)) {
    uint32_t value = 0;
    if (fdt_cell(fdt, node, "phandle", 0, &value) && value == phandle) return node;
  }
  return FDT_NONE;
}
