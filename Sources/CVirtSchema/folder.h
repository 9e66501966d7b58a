/* Where schemas are. */
#ifndef VIRT_SCHEMA_FOLDER_H
#define VIRT_SCHEMA_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

/* Finds the schema of a kind; when it is nowhere, the path is the last one that was tried. */
bool virt_schema_find(const char *kind, char *path, size_t size);

#endif
