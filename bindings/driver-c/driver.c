/* What the driver is, how it starts, how connections begin and end. */
#include "sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

VIRT_DRIVER_NOTE(0,
    VIRT_DRIVER_TEXT("name", "sample")
    VIRT_DRIVER_TEXT("version", "1.0")
    VIRT_DRIVER_TEXT("description", "A few guests that exist in memory only")
    VIRT_DRIVER_TEXT("group", "hypervisor")
    VIRT_DRIVER_TEXT("group", "network")
    VIRT_DRIVER_TEXT("match", "scheme=sample"));

struct virt_driver_services host;
void *hostContext;

int32_t fail(int32_t code, const char *text, const char *subject)
{
    struct virt_driver_error error = { .size = sizeof error, .code = code, .domain = VIR_FROM_DOMAIN, .text = text, .subject = subject };
    host.raise(&error);
    return code;
}

char *giveText(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = host.allocate(size);
    return copy == NULL ? NULL : memcpy(copy, text, size);
}

struct timespec later(int milliseconds)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += (long)(milliseconds % 1000) * 1000000;
    until.tv_sec += milliseconds / 1000 + until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    return until;
}

/* A number from the query of the URI, kept within bounds. */
static int number(const struct virt_driver_open *request, const char *name, int otherwise, int most)
{
    for (uint32_t index = 0; index < request->query.count; index++) {
        const struct virt_driver_pair *pair =
            (const struct virt_driver_pair *)((const char *)request->query.items + (size_t)index * request->query.stride);
        if (strcmp(pair->name, name) == 0) {
            long value = strtol(pair->value, NULL, 10);
            return value < 0 ? 0 : value > most ? most : (int)value;
        }
    }
    return otherwise;
}

/* Emits events until the connection closes: an example of a source that works by itself. */
static void *tick(void *argument)
{
    struct sample *sample = argument;
    pthread_mutex_lock(&sample->lock);
    for (int round = 0; !sample->stopping; round++) {
        struct timespec until = later(sample->ticks);
        pthread_cond_timedwait(&sample->stop, &sample->lock, &until);
        if (!sample->stopping && sample->guestCount > 0)
            tell(sample, &sample->guests[round % sample->guestCount], VIR_DOMAIN_EVENT_DEFINED, VIR_DOMAIN_EVENT_DEFINED_UPDATED);
    }
    pthread_mutex_unlock(&sample->lock);
    return NULL;
}

/* Stops the threads and gives everything back. */
static void end(struct sample *sample)
{
    pthread_mutex_lock(&sample->lock);
    sample->stopping = true;
    pthread_cond_broadcast(&sample->stop);
    pthread_mutex_unlock(&sample->lock);
    for (int index = 0; index < sample->threadCount; index++)
        pthread_join(sample->threads[index], NULL);
    if (sample->events != NULL)
        host.event_source_release(sample->events);
    pthread_cond_destroy(&sample->stop);
    pthread_cond_destroy(&sample->abort);
    pthread_mutex_destroy(&sample->lock);
    free(sample->guests);
    free(sample);
}

static int32_t sampleOpen(void *driver, const struct virt_driver_open *request, void **result)
{
    (void)driver;
    struct sample *sample = calloc(1, sizeof *sample);
    if (sample == NULL)
        return fail(VIR_ERR_NO_MEMORY, NULL, NULL);
    pthread_mutex_init(&sample->lock, NULL);
    pthread_cond_init(&sample->stop, NULL);
    pthread_cond_init(&sample->abort, NULL);
    sample->connection = request->connection;
    sample->guestCount = number(request, "guests", 3, GUESTS_MOST);
    sample->delay = number(request, "delay", 0, 60000);
    sample->ticks = number(request, "ticks", 0, 60000);
    sample->guests = calloc((size_t)sample->guestCount + 1, sizeof *sample->guests);
    sample->events = host.event_source_make(hostContext);
    if (sample->guests == NULL || sample->events == NULL || host.event_source_attach(sample->events, sample->connection) != 0) {
        end(sample);
        return fail(VIR_ERR_NO_MEMORY, NULL, NULL);
    }
    for (int index = 0; index < sample->guestCount; index++) {
        struct guest *guest = &sample->guests[index];
        snprintf(guest->name, sizeof guest->name, "guest-%d", index);
        guest->identity = (struct virt_driver_identity){ .size = sizeof guest->identity, .name = guest->name, .id = -1 };
        memcpy(guest->identity.uuid, "sample-guest", 12);
        for (int byte = 0; byte < 4; byte++)
            guest->identity.uuid[12 + byte] = (unsigned char)(index >> (24 - 8 * byte));
    }
    for (int threads = sample->ticks > 0 ? number(request, "threads", 1, THREADS_MOST) : 0; sample->threadCount < threads; sample->threadCount++)
        if (pthread_create(&sample->threads[sample->threadCount], NULL, tick, sample) != 0) {
            end(sample);
            return fail(VIR_ERR_INTERNAL_ERROR, "cannot start a thread", NULL);
        }
    *result = sample;
    return 0;
}

static int32_t sampleClose(void *driver)
{
    end(driver);
    return 0;
}

static int32_t sampleType(void *driver, virConnectPtr connection, const char **result)
{
    (void)driver, (void)connection;
    *result = "SAMPLE";
    return 0;
}

static const struct virt_driver_operation operations[] = {
    VIRT_DRIVER_OPERATION(connectOpen, sampleOpen),
    VIRT_DRIVER_OPERATION(connectClose, sampleClose),
    VIRT_DRIVER_OPERATION(connectGetType, sampleType),
    VIRT_DRIVER_OPERATION(connectListAllDomains, sampleListGuests),
    VIRT_DRIVER_OPERATION(domainLookupByName, sampleLookupByName),
    VIRT_DRIVER_OPERATION(domainLookupByUUID, sampleLookupByUUID),
    VIRT_DRIVER_OPERATION(domainCreate, sampleCreate),
    VIRT_DRIVER_OPERATION(domainShutdown, sampleShutdown),
    VIRT_DRIVER_OPERATION(domainSave, sampleSave),
    VIRT_DRIVER_OPERATION(domainAbortJob, sampleAbortJob),
    VIRT_DRIVER_OPERATION(domainGetState, sampleState),
    VIRT_DRIVER_OPERATION(domainGetInfo, sampleInfo),
    VIRT_DRIVER_OPERATION(domainGetXMLDesc, sampleDescribe),
    VIRT_DRIVER_OPERATION(domainOpenConsole, sampleConsole),
    VIRT_DRIVER_OPERATION(connectListAllNetworks, sampleListNetworks),
    VIRT_DRIVER_OPERATION(networkLookupByName, sampleNetworkLookupByName),
    VIRT_DRIVER_OPERATION(networkGetBridgeName, sampleBridge),
    VIRT_DRIVER_OPERATION(networkIsActive, sampleNetworkIsActive),
};

int virt_driver_negotiate(const struct virt_driver_host *theHost, struct virt_driver_reply *reply)
{
    if (!virt_driver_services_load(theHost, &host)) {
        reply->error = "the host lacks a service that the sample driver needs";
        return -1;
    }
    hostContext = theHost->context;
    reply->minor = VIRT_DRIVER_ABI_MINOR;
    reply->operations = (struct virt_driver_array){ operations, sizeof operations / sizeof *operations, sizeof *operations };
    return 0;
}
