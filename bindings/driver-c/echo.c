/* A stream: the console of a guest says back what it is told, in capitals. */
#include "sample.h"

#include <ctype.h>
#include <stdlib.h>

enum { ROOM = 65536 };

struct echo {
    virStreamPtr stream;
    pthread_mutex_t lock;
    size_t from, count;
    char bytes[ROOM];
};

/* Tells the host what the stream is ready for; called with the lock held, which is allowed: it only queues. */
static void announce(struct echo *echo)
{
    host.stream_ready(echo->stream, (echo->count > 0 ? VIR_STREAM_EVENT_READABLE : 0) | (echo->count < ROOM ? VIR_STREAM_EVENT_WRITABLE : 0));
}

static int32_t echoSend(void *state, virStreamPtr stream, const char *data, size_t size, int32_t *result)
{
    struct echo *echo = state;
    (void)stream;
    pthread_mutex_lock(&echo->lock);
    size_t room = ROOM - echo->count, taken = size < room ? size : room;
    for (size_t index = 0; index < taken; index++)
        echo->bytes[(echo->from + echo->count + index) % ROOM] = (char)toupper((unsigned char)data[index]);
    echo->count += taken;
    announce(echo);
    pthread_mutex_unlock(&echo->lock);
    *result = taken > 0 || size == 0 ? (int32_t)taken : -2;
    return 0;
}

static int32_t echoReceive(void *state, virStreamPtr stream, char *data, size_t size, int32_t *result)
{
    struct echo *echo = state;
    (void)stream;
    pthread_mutex_lock(&echo->lock);
    size_t given = size < echo->count ? size : echo->count;
    for (size_t index = 0; index < given; index++)
        data[index] = echo->bytes[(echo->from + index) % ROOM];
    echo->from = (echo->from + given) % ROOM;
    echo->count -= given;
    announce(echo);
    pthread_mutex_unlock(&echo->lock);
    *result = given > 0 ? (int32_t)given : -2;
    return 0;
}

static int32_t echoEnd(void *state, virStreamPtr stream)
{
    (void)state, (void)stream;
    return 0;
}

static void echoRelease(void *state)
{
    struct echo *echo = state;
    pthread_mutex_destroy(&echo->lock);
    free(echo);
}

static const struct virt_driver_operation operations[] = {
    VIRT_DRIVER_OPERATION(streamSend, echoSend),
    VIRT_DRIVER_OPERATION(streamRecv, echoReceive),
    VIRT_DRIVER_OPERATION(streamFinish, echoEnd),
    VIRT_DRIVER_OPERATION(streamAbort, echoEnd),
};

int32_t sampleConsole(void *driver, virDomainPtr domain, const char *device, virStreamPtr stream, unsigned int flags)
{
    (void)driver, (void)domain, (void)device;
    if (flags & ~(unsigned int)(VIR_DOMAIN_CONSOLE_FORCE | VIR_DOMAIN_CONSOLE_SAFE))
        return fail(VIR_ERR_INVALID_ARG, "there is no such flag", NULL);
    struct echo *echo = calloc(1, sizeof *echo);
    if (echo == NULL)
        return fail(VIR_ERR_NO_MEMORY, NULL, NULL);
    pthread_mutex_init(&echo->lock, NULL);
    echo->stream = stream;
    const struct virt_driver_array array = { operations, sizeof operations / sizeof *operations, sizeof *operations };
    int32_t code = host.stream_attach(stream, &array, echo, echoRelease);
    if (code != 0) {
        echoRelease(echo);
        return code;
    }
    pthread_mutex_lock(&echo->lock);
    announce(echo);
    pthread_mutex_unlock(&echo->lock);
    return 0;
}
