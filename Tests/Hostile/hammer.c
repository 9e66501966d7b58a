/* Threads on one connection and on connections of their own: no wrong per-thread error, no lost domain.
 *
 * usage: hammer THREADS ROUNDS      the last line counts calls and faults
 *
 * The shared connection is to the URI in VIRT_WORLD, if it is set. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

static virConnectPtr shared;
static int rounds, stop;
static pthread_barrier_t all_open;
static long calls, faults, events;

static void fault(const char *what, int thread, int round) {
    __atomic_add_fetch(&faults, 1, __ATOMIC_RELAXED);
    fprintf(stderr, "%s: thread %d, round %d: %s\n", what, thread, round, virGetLastErrorMessage());
}
#define MUST(condition) ((condition) ? (void)0 : fault(#condition, thread, round))

static void no_text(void *opaque, virErrorPtr error) { (void)opaque; (void)error; }
static void count_event(virConnectPtr connection, virDomainPtr domain, int event, int detail, void *opaque) {
    (void)connection; (void)event; (void)detail; (void)opaque;
    if (virDomainGetName(domain)) __atomic_add_fetch(&events, 1, __ATOMIC_RELAXED);
}

/* The error of a name that is not there is this thread's, and names it. */
static void miss(virConnectPtr connection, int thread, int round) {
    char name[64];
    snprintf(name, sizeof(name), "missing-%d-%d", thread, round);
    MUST(virDomainLookupByName(connection, name) == NULL);
    virErrorPtr error = virGetLastError();
    MUST(error && error->code == VIR_ERR_NO_DOMAIN && strstr(error->message, name));
}

static void live(virConnectPtr connection, int thread, int round) {
    char name[64], xml[512];
    snprintf(name, sizeof(name), "guest-%d", thread);
    snprintf(xml, sizeof(xml), "<domain type='test'><name>%s</name><memory>%d</memory><vcpu>2</vcpu><os><type>hvm</type></os></domain>", name, 4096 + round);
    virDomainPtr domain = virDomainDefineXML(connection, xml);
    MUST(domain);
    if (!domain) return;
    MUST(virDomainCreate(domain) == 0);
    MUST(virDomainCreate(domain) == -1 && virGetLastError()->code == VIR_ERR_INTERNAL_ERROR);
    virDomainInfo information;
    MUST(virDomainGetInfo(domain, &information) == 0 && information.state == VIR_DOMAIN_RUNNING);
    virDomainSnapshotPtr snapshot = virDomainSnapshotCreateXML(domain, "<domainsnapshot><name>s</name></domainsnapshot>", 0);
    MUST(snapshot);
    MUST(virDomainSuspend(domain) == 0);
    char *text = virDomainGetXMLDesc(domain, 0);
    MUST(text && strstr(text, name));
    free(text);
    MUST(virDomainRevertToSnapshot(snapshot, 0) == 0);
    MUST(virDomainSnapshotDelete(snapshot, 0) == 0);
    virDomainSnapshotFree(snapshot);
    virDomainPtr *domains = NULL;
    int count = virConnectListAllDomains(connection, &domains, 0);
    MUST(count >= 2);
    for (int i = 0; i < count; i++) { MUST(virDomainGetName(domains[i])); virDomainFree(domains[i]); }
    free(domains);
    MUST(virDomainDestroy(domain) == 0);
    MUST(virDomainUndefine(domain) == 0);
    MUST(virDomainFree(domain) == 0);
    __atomic_add_fetch(&calls, 14 + count, __ATOMIC_RELAXED);
}

static void *work(void *argument) {
    int thread = (int)(long)argument;
    for (int round = 0; round < rounds; round++) {
        miss(shared, thread, round);
        virDomainPtr domain = virDomainLookupByName(shared, "test");
        MUST(domain && virDomainGetID(domain) == 1);
        MUST(virDomainRef(domain) == 0 && virDomainFree(domain) == 0 && virDomainFree(domain) == 0);
        live(shared, thread, round);
        virConnectPtr own = virConnectOpen("test:///default");
        MUST(own);
        /* Once all of them are open at a time, so that what is kept for that many does not depend on chance. */
        if (round == 0) pthread_barrier_wait(&all_open);
        int callback = virConnectDomainEventRegisterAny(own, NULL, VIR_DOMAIN_EVENT_ID_LIFECYCLE, VIR_DOMAIN_EVENT_CALLBACK(count_event), NULL, NULL);
        MUST(callback >= 0);
        miss(own, thread, round);
        MUST(virConnectDomainEventDeregisterAny(own, callback) == 0);
        MUST(virConnectClose(own) >= 0); /* an event on its way may hold it */
        __atomic_add_fetch(&calls, 10, __ATOMIC_RELAXED);
    }
    return NULL;
}

static void *turn(void *argument) {
    (void)argument;
    while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE)) virEventRunDefaultImpl();
    return NULL;
}
static void wake(int timer, void *opaque) { (void)timer; (void)opaque; }

int main(int argc, char **argv) {
    int threads = argc > 2 ? atoi(argv[1]) : 0, round = 0, thread = -1;
    if (threads < 1 || threads > 64) { fprintf(stderr, "usage: hammer THREADS ROUNDS\n"); return 2; }
    rounds = atoi(argv[2]);
    pthread_t workers[64], loop;
    virSetErrorFunc(NULL, no_text);
    virEventRegisterDefaultImpl();
    virEventAddTimeout(50, wake, NULL, NULL);
    pthread_create(&loop, NULL, turn, NULL);
    shared = virConnectOpen(getenv("VIRT_WORLD") ? getenv("VIRT_WORLD") : "test:///default");
    MUST(shared);
    int callback = virConnectDomainEventRegisterAny(shared, NULL, VIR_DOMAIN_EVENT_ID_LIFECYCLE, VIR_DOMAIN_EVENT_CALLBACK(count_event), NULL, NULL);
    pthread_barrier_init(&all_open, NULL, (unsigned)threads);
    for (long i = 0; i < threads; i++) pthread_create(&workers[i], NULL, work, (void *)i);
    for (int i = 0; i < threads; i++) pthread_join(workers[i], NULL);
    MUST(virConnectNumOfDefinedDomains(shared) == 0 && virConnectNumOfDomains(shared) == 1);
    virConnectDomainEventDeregisterAny(shared, callback);
    virConnectClose(shared);
    __atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
    pthread_join(loop, NULL);
    /* What was still on its way holds connections. */
    virEventAddTimeout(0, wake, NULL, NULL);
    for (int turn = 0; turn < 100; turn++) virEventRunDefaultImpl();
    printf("%ld calls, %ld events, %ld faults\n", calls, events, faults);
    return faults ? 1 : 0;
}
