/* What the benchmark program and its cases share. */
#ifndef SWIFTVIRT_BENCHMARK_CASES_H
#define SWIFTVIRT_BENCHMARK_CASES_H

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

/* One operation to be measured. `run` performs it `rounds` times and is the only part that is timed or counted. */
struct benchmark {
    const char *name;                       /* part letter of docs/performance.md, then the operation */
    void (*prepare)(void);                  /* makes what `run` needs; may be NULL */
    void (*run)(long rounds);
    void (*finish)(void);                   /* removes it again; may be NULL */
    long rounds;                            /* of one batch when timed */
    long counted;                           /* when instructions are counted */
};

extern const struct benchmark connection_benchmarks[], domain_benchmarks[], list_benchmarks[], snapshot_benchmarks[],
    parameter_benchmarks[], event_benchmarks[], thread_benchmarks[], volume_benchmarks[], scale_benchmarks[];

extern virConnectPtr connection;            /* test:///default, open for the whole run */
extern virDomainPtr domain;                 /* its domain "test" */
extern const char *minimal_guest, *rich_guest;

/* Ends the program with a message: a benchmark whose call fails measures nothing. */
void fail(const char *what);
/* Ends the program unless the condition holds. */
#define REQUIRE(condition) do { if (!(condition)) fail(#condition); } while (0)
/* The definition `template` with its first %d filled in, in a static buffer. */
const char *guest(const char *template, int number);

#endif
