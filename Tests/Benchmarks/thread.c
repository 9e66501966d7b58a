/* Part H: several threads; timed only, an instruction count says nothing about contention. */
#include "cases.h"

#include <pthread.h>

static long share;

static void *lookups(void *from)
{
    for (long i = 0; i < share; i++) {
        virDomainPtr found = virDomainLookupByName(from, "test");
        REQUIRE(found);
        virDomainFree(found);
    }
    return NULL;
}

static void *informations(void *opaque)
{
    virDomainInfo info;
    (void)opaque;
    for (long i = 0; i < share; i++)
        REQUIRE(virDomainGetInfo(domain, &info) == 0);
    return NULL;
}

static void *own_connection(void *opaque)
{
    (void)opaque;
    virConnectPtr mine = virConnectOpen("test:///default");
    REQUIRE(mine);
    lookups(mine);
    virConnectClose(mine);
    return NULL;
}

static void spread(void *(*work)(void *), int threads, long rounds)
{
    pthread_t all[8];
    share = rounds / threads;
    for (int i = 0; i < threads; i++)
        REQUIRE(pthread_create(&all[i], NULL, work, connection) == 0);
    for (int i = 0; i < threads; i++)
        pthread_join(all[i], NULL);
}

static void lookup_1(long rounds) { spread(lookups, 1, rounds); }
static void lookup_2(long rounds) { spread(lookups, 2, rounds); }
static void lookup_8(long rounds) { spread(lookups, 8, rounds); }
static void own_8(long rounds) { spread(own_connection, 8, rounds); }
static void information_8(long rounds) { spread(informations, 8, rounds); }

const struct benchmark thread_benchmarks[] = {
    { "H lookup, one connection, 1 thread", NULL, lookup_1, NULL, 80000, 0 },
    { "H lookup, one connection, 2 threads", NULL, lookup_2, NULL, 80000, 0 },
    { "H lookup, one connection, 8 threads", NULL, lookup_8, NULL, 80000, 0 },
    { "H lookup, own connections, 8 threads", NULL, own_8, NULL, 80000, 0 },
    { "H information, 8 threads", NULL, information_8, NULL, 80000, 0 },
    { NULL, NULL, NULL, NULL, 0, 0 },
};
