/* The benchmark program: one binary, run on the reference library and on ours.
 *
 *   benchmark time [NAME]     nanoseconds of one operation, lowest of several batches, one "name<TAB>value" a line
 *   benchmark count [NAME]    the same operations under callgrind, one profile dump per operation
 *   benchmark scale-time, scale-count    the same for few and for many objects
 *   benchmark open            opens test:///default and ends: what a process start costs
 *   benchmark memory          bytes per defined domain, each formatted once
 */
#include "cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <valgrind/callgrind.h>

virConnectPtr connection;
virDomainPtr domain;

void fail(const char *what)
{
    virErrorPtr error = virGetLastError();
    fprintf(stderr, "benchmark: failed: %s (%s)\n", what, error && error->message ? error->message : "no error");
    _exit(1);
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void measure(const struct benchmark *one)
{
    double best = 0;
    for (int batch = 0; batch < 7; batch++) {
        double start = now();
        one->run(one->rounds);
        double each = (now() - start) / (double)one->rounds;
        if (batch == 0 || each < best)
            best = each;
    }
    printf("%s\t%.2f\n", one->name, best);
}

static void count(const struct benchmark *one)
{
    char label[128];
    if (one->counted == 0)
        return;
    one->run(1);
    /* Preparing is not even looked at: that takes most of the time. */
    snprintf(label, sizeof label, "%s\t%ld", one->name, one->counted);
    CALLGRIND_START_INSTRUMENTATION;
    CALLGRIND_ZERO_STATS;
    one->run(one->counted);
    CALLGRIND_DUMP_STATS_AT(label);
    CALLGRIND_STOP_INSTRUMENTATION;
}

static void each_of(const struct benchmark *part, void (*what)(const struct benchmark *), const char *only)
{
    for (const struct benchmark *one = part; one->name; one++) {
        if (only && !strstr(one->name, only))
            continue;
        if (one->prepare)
            one->prepare();
        what(one);
        if (one->finish)
            one->finish();
        fflush(stdout);
    }
}

static void each(void (*what)(const struct benchmark *), const char *only)
{
    const struct benchmark *parts[] = { connection_benchmarks, domain_benchmarks, list_benchmarks, snapshot_benchmarks,
                                        parameter_benchmarks, event_benchmarks, thread_benchmarks, volume_benchmarks };
    for (size_t part = 0; part < sizeof parts / sizeof *parts; part++)
        each_of(parts[part], what, only);
}

static long resident(void)
{
    long size, pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file || fscanf(file, "%ld %ld", &size, &pages) != 2)
        fail("reading /proc/self/statm");
    fclose(file);
    return pages * sysconf(_SC_PAGESIZE);
}

static void memory(void)
{
    const int domains = 10000;
    long before = resident();
    for (int i = 0; i < domains; i++) {
        virDomainPtr one = virDomainDefineXML(connection, guest(minimal_guest, i));
        REQUIRE(one);
        char *text = virDomainGetXMLDesc(one, 0);
        REQUIRE(text);
        free(text);
        virDomainFree(one);
    }
    printf("E memory per defined domain\t%ld\n", (resident() - before) / domains);
}

static void silent(void *opaque, virErrorPtr error) { (void)opaque; (void)error; }

int main(int argc, char **argv)
{
    const char *mode = argc > 1 ? argv[1] : "time", *only = argc > 2 ? argv[2] : NULL;
    virSetErrorFunc(NULL, silent);
    if (strcmp(mode, "open") != 0)
        REQUIRE(virEventRegisterDefaultImpl() == 0);
    connection = virConnectOpen("test:///default");
    REQUIRE(connection);
    domain = virDomainLookupByName(connection, "test");
    REQUIRE(domain);
    if (strcmp(mode, "time") == 0)
        each(measure, only);
    else if (strcmp(mode, "count") == 0)
        each(count, only);
    else if (strcmp(mode, "scale-time") == 0)
        each_of(scale_benchmarks, measure, only);
    else if (strcmp(mode, "scale-count") == 0)
        each_of(scale_benchmarks, count, only);
    else if (strcmp(mode, "memory") == 0)
        memory();
    else if (strcmp(mode, "open") != 0)
        return 2;
    virDomainFree(domain);
    virConnectClose(connection);
    return 0;
}
