/* Part G: the event loop. The default implementation is registered before the connection is opened. */
#include "cases.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <unistd.h>

static atomic_int seen, ending;
static pthread_t loop;
static int timer, watch, pipes[2], callback;

static void fired(int id, void *opaque) { (void)id; (void)opaque; seen++; }

static void add_timer(void) { timer = virEventAddTimeout(-1, fired, NULL, NULL); REQUIRE(timer >= 0); }
static void remove_timer(void) { virEventRemoveTimeout(timer); virEventRunDefaultImpl(); }

static void timer_zero(long rounds)
{
    virEventUpdateTimeout(timer, 0);
    while (rounds--) {
        int before = seen;
        while (seen == before)
            REQUIRE(virEventRunDefaultImpl() == 0);
    }
    virEventUpdateTimeout(timer, -1);
}

static void readable(int id, int descriptor, int events, void *opaque)
{
    char byte;
    (void)id; (void)events; (void)opaque;
    REQUIRE(read(descriptor, &byte, 1) == 1);
    seen++;
}

static void add_handle(void)
{
    REQUIRE(pipe(pipes) == 0);
    watch = virEventAddHandle(pipes[0], VIR_EVENT_HANDLE_READABLE, readable, NULL, NULL);
    REQUIRE(watch >= 0);
}

static void remove_handle(void)
{
    virEventRemoveHandle(watch);
    close(pipes[0]);
    close(pipes[1]);
}

static void handle(long rounds)
{
    while (rounds--) {
        int before = seen;
        REQUIRE(write(pipes[1], "x", 1) == 1);
        while (seen == before)
            REQUIRE(virEventRunDefaultImpl() == 0);
    }
}

static int lifecycle(virConnectPtr conn, virDomainPtr dom, int event, int detail, void *opaque)
{
    (void)conn; (void)dom; (void)event; (void)detail; (void)opaque;
    seen++;
    return 0;
}

static void add_callback(void)
{
    callback = virConnectDomainEventRegisterAny(connection, NULL, VIR_DOMAIN_EVENT_ID_LIFECYCLE,
                                                VIR_DOMAIN_EVENT_CALLBACK(lifecycle), NULL, NULL);
    REQUIRE(callback >= 0);
}

static void remove_callback(void) { REQUIRE(virConnectDomainEventDeregisterAny(connection, callback) == 0); }

static void lifecycle_inline(long rounds)
{
    while (rounds--) {
        int before = seen;
        REQUIRE(virDomainSuspend(domain) == 0 && virDomainResume(domain) == 0);
        while (seen < before + 2)
            REQUIRE(virEventRunDefaultImpl() == 0);
    }
}

static void *run_loop(void *opaque)
{
    (void)opaque;
    while (!ending)
        REQUIRE(virEventRunDefaultImpl() == 0);
    return NULL;
}

static void start_loop(void)
{
    add_callback();
    ending = 0;
    REQUIRE(pthread_create(&loop, NULL, run_loop, NULL) == 0);
}

static void end_loop(void)
{
    ending = 1;
    /* Something for the loop to wake up for. */
    REQUIRE(virDomainSuspend(domain) == 0 && virDomainResume(domain) == 0);
    pthread_join(loop, NULL);
    remove_callback();
}

static void lifecycle_across(long rounds)
{
    for (long i = 0; i < rounds; i++) {
        int before = seen;
        REQUIRE((i % 2 == 0 ? virDomainSuspend(domain) : virDomainResume(domain)) == 0);
        while (seen == before)
            sched_yield();
    }
}

const struct benchmark event_benchmarks[] = {
    { "G timer of 0 ms, one iteration", add_timer, timer_zero, remove_timer, 20000, 500 },
    { "G handle, write to dispatch", add_handle, handle, remove_handle, 20000, 500 },
    { "G two lifecycle events, call and dispatch", add_callback, lifecycle_inline, remove_callback, 5000, 200 },
    { "G lifecycle event across threads", start_loop, lifecycle_across, end_loop, 5000, 0 },
    { NULL, NULL, NULL, NULL, 0, 0 },
};
