/* The operations of the group "hypervisor". */
#include "sample.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* The guest behind a handle; NULL after raising an error. */
static struct guest *find(struct sample *sample, virDomainPtr domain)
{
    const struct virt_driver_identity *wanted = host.handle_identity(domain);
    for (int index = 0; index < sample->guestCount; index++)
        if (memcmp(sample->guests[index].identity.uuid, wanted->uuid, sizeof wanted->uuid) == 0)
            return &sample->guests[index];
    fail(VIR_ERR_NO_DOMAIN, "there is no such guest:", wanted->name);
    return NULL;
}

static int32_t makeHandle(struct sample *sample, struct guest *guest, virDomainPtr *result)
{
    pthread_mutex_lock(&sample->lock);
    struct virt_driver_identity identity = guest->identity;
    pthread_mutex_unlock(&sample->lock);
    *result = host.handle_make(VIRT_CLASS_DOMAIN, sample->connection, NULL, &identity);
    return *result == NULL ? VIR_ERR_NO_MEMORY : 0;
}

void tell(struct sample *sample, const struct guest *guest, int event, int detail)
{
    struct virt_event_domain_lifecycle payload = { .head = { sizeof payload, &guest->identity }, .event = event, .detail = detail };
    host.event_emit(sample->events, VIRT_EVENT_FAMILY_DOMAIN, VIR_DOMAIN_EVENT_ID_LIFECYCLE, &payload);
}

int32_t sampleListGuests(void *driver, virConnectPtr connection, virDomainPtr **domains, unsigned int flags, int32_t *result)
{
    struct sample *sample = driver;
    const unsigned int known = VIR_CONNECT_LIST_DOMAINS_ACTIVE | VIR_CONNECT_LIST_DOMAINS_INACTIVE;
    (void)connection;
    if (flags & ~known)
        return fail(VIR_ERR_INVALID_ARG, "the sample driver lists by 'active' and 'inactive' only", NULL);
    virDomainPtr *list = NULL;
    if (domains != NULL && (list = host.allocate(((size_t)sample->guestCount + 1) * sizeof *list)) == NULL)
        return VIR_ERR_NO_MEMORY;
    int32_t count = 0;
    for (int index = 0; index < sample->guestCount; index++) {
        struct guest *guest = &sample->guests[index];
        pthread_mutex_lock(&sample->lock);
        unsigned int own = guest->identity.id < 0 ? VIR_CONNECT_LIST_DOMAINS_INACTIVE : VIR_CONNECT_LIST_DOMAINS_ACTIVE;
        pthread_mutex_unlock(&sample->lock);
        if ((flags & known) != 0 && (flags & own) == 0)
            continue;
        if (list != NULL && makeHandle(sample, guest, &list[count]) != 0) {
            while (count-- > 0)
                host.handle_release(list[count]);
            host.release(list);
            return VIR_ERR_NO_MEMORY;
        }
        count++;
    }
    if (list != NULL) {
        list[count] = NULL;
        *domains = list;
    }
    *result = count;
    return 0;
}

int32_t sampleLookupByName(void *driver, virConnectPtr connection, const char *name, virDomainPtr *result)
{
    struct sample *sample = driver;
    (void)connection;
    for (int index = 0; index < sample->guestCount; index++)
        if (strcmp(sample->guests[index].name, name) == 0)
            return makeHandle(sample, &sample->guests[index], result);
    return fail(VIR_ERR_NO_DOMAIN, "there is no guest named", name);
}

int32_t sampleLookupByUUID(void *driver, virConnectPtr connection, const unsigned char *uuid, virDomainPtr *result)
{
    struct sample *sample = driver;
    (void)connection;
    for (int index = 0; index < sample->guestCount; index++)
        if (memcmp(sample->guests[index].identity.uuid, uuid, 16) == 0)
            return makeHandle(sample, &sample->guests[index], result);
    return fail(VIR_ERR_NO_DOMAIN, "there is no guest with that UUID", NULL);
}

int32_t sampleCreate(void *driver, virDomainPtr domain)
{
    struct sample *sample = driver;
    struct guest *guest = find(sample, domain);
    if (guest == NULL)
        return VIR_ERR_NO_DOMAIN;
    pthread_mutex_lock(&sample->lock);
    bool was = guest->identity.id >= 0;
    if (!was)
        guest->identity.id = ++sample->lastID;
    int32_t id = guest->identity.id;
    if (!was)
        tell(sample, guest, VIR_DOMAIN_EVENT_STARTED, VIR_DOMAIN_EVENT_STARTED_BOOTED);
    pthread_mutex_unlock(&sample->lock);
    if (was)
        return fail(VIR_ERR_OPERATION_INVALID, "the guest runs already:", guest->name);
    host.handle_set_id(domain, id);
    return 0;
}

int32_t sampleShutdown(void *driver, virDomainPtr domain)
{
    struct sample *sample = driver;
    struct guest *guest = find(sample, domain);
    if (guest == NULL)
        return VIR_ERR_NO_DOMAIN;
    /* Takes its time, holding nothing: other calls go on meanwhile. */
    struct timespec rest = { sample->delay / 1000, (long)(sample->delay % 1000) * 1000000 };
    while (nanosleep(&rest, &rest) != 0)
        ;
    pthread_mutex_lock(&sample->lock);
    bool was = guest->identity.id >= 0;
    guest->identity.id = -1;
    if (was)
        tell(sample, guest, VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_SHUTDOWN);
    pthread_mutex_unlock(&sample->lock);
    if (!was)
        return fail(VIR_ERR_OPERATION_INVALID, "the guest does not run:", guest->name);
    host.handle_set_id(domain, -1);
    return 0;
}

/* Begins a job that another thread can abort. */
static int32_t begin(struct sample *sample, struct guest *guest)
{
    pthread_mutex_lock(&sample->lock);
    bool can = guest->identity.id >= 0 && !guest->isSaving;
    if (can) {
        guest->isSaving = true;
        guest->isAborted = false;
    }
    pthread_mutex_unlock(&sample->lock);
    return can ? 0 : fail(VIR_ERR_OPERATION_INVALID, "the guest does not run, or has a job:", guest->name);
}

int32_t sampleSave(void *driver, virDomainPtr domain, const char *to)
{
    struct sample *sample = driver;
    struct guest *guest = find(sample, domain);
    if (guest == NULL)
        return VIR_ERR_NO_DOMAIN;
    int32_t code = begin(sample, guest);
    if (code != 0)
        return code;
    struct timespec until = later(sample->delay);
    pthread_mutex_lock(&sample->lock);
    while (!guest->isAborted && pthread_cond_timedwait(&sample->abort, &sample->lock, &until) == 0)
        ;
    bool wasAborted = guest->isAborted;
    pthread_mutex_unlock(&sample->lock);
    FILE *image = wasAborted ? NULL : fopen(to, "w");
    bool isWritten = image != NULL && fprintf(image, "%s\n", guest->name) > 0;
    if (image != NULL && fclose(image) != 0)
        isWritten = false;
    pthread_mutex_lock(&sample->lock);
    guest->isSaving = false;
    if (isWritten) {
        guest->identity.id = -1;
        tell(sample, guest, VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_SAVED);
    }
    pthread_mutex_unlock(&sample->lock);
    if (wasAborted)
        return fail(VIR_ERR_OPERATION_ABORTED, "the guest is not saved:", guest->name);
    if (!isWritten)
        return fail(VIR_ERR_OPERATION_FAILED, "cannot write the image of the guest to", to);
    host.handle_set_id(domain, -1);
    return 0;
}

int32_t sampleAbortJob(void *driver, virDomainPtr domain)
{
    struct sample *sample = driver;
    struct guest *guest = find(sample, domain);
    if (guest == NULL)
        return VIR_ERR_NO_DOMAIN;
    pthread_mutex_lock(&sample->lock);
    bool was = guest->isSaving;
    guest->isAborted = was;
    pthread_cond_broadcast(&sample->abort);
    pthread_mutex_unlock(&sample->lock);
    return was ? 0 : fail(VIR_ERR_OPERATION_INVALID, "the guest has no job:", guest->name);
}

static bool runs(struct sample *sample, const struct guest *guest)
{
    pthread_mutex_lock(&sample->lock);
    bool answer = guest->identity.id >= 0;
    pthread_mutex_unlock(&sample->lock);
    return answer;
}

int32_t sampleState(void *driver, virDomainPtr domain, int *state, int *reason, unsigned int flags)
{
    struct guest *guest = find(driver, domain);
    if (guest == NULL)
        return VIR_ERR_NO_DOMAIN;
    if (flags != 0)
        return fail(VIR_ERR_INVALID_ARG, "there are no flags", NULL);
    *state = runs(driver, guest) ? VIR_DOMAIN_RUNNING : VIR_DOMAIN_SHUTOFF;
    if (reason != NULL)
        *reason = 0;
    return 0;
}

int32_t sampleInfo(void *driver, virDomainPtr domain, virDomainInfoPtr info)
{
    struct guest *guest = find(driver, domain);
    if (guest == NULL)
        return VIR_ERR_NO_DOMAIN;
    info->state = runs(driver, guest) ? VIR_DOMAIN_RUNNING : VIR_DOMAIN_SHUTOFF;
    info->maxMem = info->memory = 65536;
    info->nrVirtCpu = 1;
    return 0;
}

int32_t sampleDescribe(void *driver, virDomainPtr domain, unsigned int flags, char **result)
{
    struct guest *guest = find(driver, domain);
    char text[160];
    if (guest == NULL)
        return VIR_ERR_NO_DOMAIN;
    if (flags & ~(unsigned int)VIR_DOMAIN_XML_INACTIVE)
        return fail(VIR_ERR_INVALID_ARG, "there is no such flag", NULL);
    snprintf(text, sizeof text, "<domain type='sample'>\n  <name>%s</name>\n  <memory unit='KiB'>65536</memory>\n</domain>\n", guest->name);
    *result = giveText(text);
    return *result == NULL ? VIR_ERR_NO_MEMORY : 0;
}
