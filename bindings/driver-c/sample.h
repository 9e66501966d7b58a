/* A driver in C, as an example and for tests: a few guests and a network that exist in memory only.
 *
 * sample:///?guests=3&delay=0&ticks=0&threads=1
 *   guests   how many there are, named guest-0, guest-1, …
 *   delay    milliseconds that domainShutdown and domainSave take, without holding a lock; the latter can be aborted
 *   ticks    milliseconds between events that the driver's own threads emit; 0: none
 *   threads  how many such threads there are
 */
#ifndef SAMPLE_H
#define SAMPLE_H

#include <libvirt/virt-driver.h>
#include <pthread.h>
#include <stdbool.h>
#include <time.h>

enum { GUESTS_MOST = 1000, THREADS_MOST = 16 };

struct guest {
    struct virt_driver_identity identity;  /* the id is -1 while it is off */
    char name[32];
    bool isSaving, isAborted;
};

/* The state of one connection: what every operation receives first. */
struct sample {
    virConnectPtr connection;
    pthread_mutex_t lock;                  /* guards what changes of the guests, lastID and stopping */
    pthread_cond_t stop, abort;
    struct guest *guests;
    int guestCount;
    int32_t lastID;
    int delay;
    int ticks;
    bool stopping;
    struct virt_driver_event_source *events;
    pthread_t threads[THREADS_MOST];
    int threadCount;
};

/* The host's services, kept at negotiation. */
extern struct virt_driver_services host;
extern void *hostContext;

/* Raises an error about something and gives its code, to be answered by the operation. */
int32_t fail(int32_t code, const char *text, const char *subject);
/* A copy of a text that becomes the caller's; NULL after raising an error. */
char *giveText(const char *text);

/* The time so long from now. */
struct timespec later(int milliseconds);

/* Tells listeners what happened to a guest. */
void tell(struct sample *sample, const struct guest *guest, int event, int detail);

extern virt_operation_connectListAllDomains sampleListGuests;
extern virt_operation_domainLookupByName sampleLookupByName;
extern virt_operation_domainLookupByUUID sampleLookupByUUID;
extern virt_operation_domainCreate sampleCreate;
extern virt_operation_domainShutdown sampleShutdown;
extern virt_operation_domainSave sampleSave;
extern virt_operation_domainAbortJob sampleAbortJob;
extern virt_operation_domainGetState sampleState;
extern virt_operation_domainGetInfo sampleInfo;
extern virt_operation_domainGetXMLDesc sampleDescribe;
extern virt_operation_domainOpenConsole sampleConsole;
extern virt_operation_connectListAllNetworks sampleListNetworks;
extern virt_operation_networkLookupByName sampleNetworkLookupByName;
extern virt_operation_networkGetBridgeName sampleBridge;
extern virt_operation_networkIsActive sampleNetworkIsActive;

#endif
