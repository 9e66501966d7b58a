/* Loaded before a program: lets the calls by which a store changes its folder fail, or end the process, at a place of their row. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

/* Which call is the one, counted from 1; 0 is none. What happens then: an error's number, or 0 for the end of the process. */
static int wanted, reason, lasts, seen;
static unsigned char is_file[1 << 16];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void store_fault(int at, int number, int stays) {
    pthread_mutex_lock(&lock);
    wanted = at, reason = number, lasts = stays, seen = 0;
    pthread_mutex_unlock(&lock);
}

/* How many calls there were since then. */
int store_steps(void) { return seen; }

/* Whether a call is to fail. */
static int fails(void) {
    pthread_mutex_lock(&lock);
    seen++;
    int it = wanted && (seen == wanted || (lasts && seen > wanted));
    pthread_mutex_unlock(&lock);
    if (!it) return 0;
    if (!reason) _exit(99);
    errno = reason;
    return 1;
}

#define NEXT(name) \
    static __typeof__(name) *next; \
    if (!next) next = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

int openat(int folder, const char *path, int flags, ...) {
    NEXT(openat);
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    size_t length = strlen(path);
    int is_new = flags & O_CREAT && length > 4 && !strcmp(path + length - 4, ".new");
    if (is_new && fails()) return -1;
    int made = next(folder, path, flags, mode);
    if (made >= 0 && made < (int)sizeof(is_file)) is_file[made] = is_new;
    return made;
}

ssize_t write(int file, const void *bytes, size_t count) {
    NEXT(write);
    if (file < 0 || file >= (int)sizeof(is_file) || !is_file[file]) return next(file, bytes, count);
    /* Half of it is there when it goes wrong. */
    int goes_wrong = wanted && seen + 1 == wanted;
    if (goes_wrong && count > 1) next(file, bytes, count / 2);
    return fails() ? -1 : next(file, bytes, count);
}

int fsync(int file) {
    NEXT(fsync);
    return fails() ? -1 : next(file);
}

int renameat(int from, const char *name, int to, const char *other) {
    NEXT(renameat);
    return fails() ? -1 : next(from, name, to, other);
}

int unlinkat(int folder, const char *name, int flags) {
    NEXT(unlinkat);
    return fails() ? -1 : next(folder, name, flags);
}

int close(int file) {
    NEXT(close);
    if (file >= 0 && file < (int)sizeof(is_file)) is_file[file] = 0;
    return next(file);
}
