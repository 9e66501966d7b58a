/* What the parts of the fuzzing program share. */
#ifndef SWIFTVIRT_FUZZ_H
#define SWIFTVIRT_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

extern virConnectPtr connection;            /* test:///default, open for the whole run */

/* Ends the program with a message. */
void broken(const char *what, const char *where, int line);
/* Ends the program unless the condition holds. */
#define MUST(condition) ((condition) ? (void)0 : broken(#condition, __FILE__, __LINE__))
/* Checks that the last call said why it failed. */
void refused(void);

void fuzz_pool(const char *text, size_t size);
void fuzz_volume(const char *text, size_t size);
void fuzz_checkpoint(const char *text, size_t size);
void fuzz_backup(const char *text, size_t size);
void fuzz_device(const char *text, size_t size);
void fuzz_setting(const char *text, size_t size);

#endif
