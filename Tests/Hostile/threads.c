/* Calls from many threads on the same objects. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "hostile.h"

static int thread_rounds, done;
static long thread_calls, thread_faults;
static const char *current[MOST_THREADS];

/* Functions that wait for what nobody sends, or change what belongs to the whole process. */
static int is_shared(const struct call *call) {
    static const char *const words[] = {
        "virEvent", "virSetErrorFunc", "virConnSetErrorFunc", "virConnectSetErrorFunc", "virInitialize", "virStreamRecvAll",
        "virStreamSparseRecvAll", "virStreamSendAll", "virStreamSparseSendAll", "virAdm", "virDomainLxcEnterSecurityLabel",
        "virConnCopyLastError"};
    for (int i = 0; i < (int)(sizeof(words) / sizeof(words[0])); i++)
        if (!strncmp(call->name, words[i], strlen(words[i]))) return 0;
    return !call->ends;
}

/* A choice that other threads can make as well: no handle that was freed, no memory that is written in common. */
static int shared_choice(const struct parameter *parameter, uint64_t *state) {
    switch (parameter->kind) {
    case KIND_TEXT: return random_below(state, 4) ? 0 : (int)random_below(state, 13);
    case KIND_NUMBER: return random_below(state, 2) ? 0 : (int)random_below(state, NUMBERS);
    case KIND_FLAGS: return random_below(state, 2) ? 0 : (int)random_below(state, 34);
    default: return 0;
    }
}

static void *call_in_thread(void *argument) {
    long thread = (long)argument;
    uint64_t state = (uint64_t)thread + 1;
    for (int round = 0; round < thread_rounds; round++) {
        if (round % 50 == 49) renew_world();
        const struct call *call = &calls[random_below(&state, (unsigned)call_count)];
        if (!is_shared(call)) continue;
        struct value values[24] = {{0}};
        for (int i = 0; i < call->count; i++) {
            values[i].parameter = &call->parameters[i];
            choose(&values[i], shared_choice(&call->parameters[i], &state), 0);
        }
        __atomic_store_n(&current[thread], call->name, __ATOMIC_RELAXED);
        CALL(virResetLastError)();
        int failed = call->make(values);
        __atomic_add_fetch(&thread_calls, 1, __ATOMIC_RELAXED);
        if (failed == 1 && !code_of_error() && !may_be_silent(call->name)) {
            __atomic_add_fetch(&thread_faults, 1, __ATOMIC_RELAXED);
            printf("failed without an error: %s\n", call->name);
        }
        for (int i = 0; i < call->count; i++) free(values[i].owned);
    }
    __atomic_store_n(&current[thread], NULL, __ATOMIC_RELAXED);
    return NULL;
}

static void *turn_loop(void *argument) {
    while (!__atomic_load_n(&done, __ATOMIC_ACQUIRE)) {
        CALL(virEventRunDefaultImpl)();
        usleep(1000);
    }
    return argument;
}

/* Says what was being called when the process had to end. */
static void tell_current(int signal) {
    for (int i = 0; i < MOST_THREADS; i++) {
        const char *name = __atomic_load_n(&current[i], __ATOMIC_RELAXED);
        if (name && (write(2, name, strlen(name)) < 0 || write(2, "\n", 1) < 0)) break;
    }
    static const char hangs[] = "hangs in one of these\n", ended[] = "ended in one of these\n";
    if (signal == SIGALRM ? write(2, hangs, sizeof(hangs) - 1) < 0 : write(2, ended, sizeof(ended) - 1) < 0) _exit(2);
    _exit(1);
}

int share(int threads, int rounds) {
    threaded = 1;
    thread_rounds = rounds;
    prepare();
    find(""); /* has all libraries */
    make_world(0);
    signal(SIGALRM, tell_current);
    alarm(900);
    pthread_t workers[MOST_THREADS], loop;
    pthread_create(&loop, NULL, turn_loop, NULL);
    for (long i = 0; i < threads; i++) pthread_create(&workers[i], NULL, call_in_thread, (void *)i);
    for (int i = 0; i < threads; i++) pthread_join(workers[i], NULL);
    __atomic_store_n(&done, 1, __ATOMIC_RELEASE);
    pthread_join(loop, NULL);
    end_world();
    printf("%ld calls, %d threads, %ld faults\n", thread_calls, threads, thread_faults);
    return thread_faults != 0;
}
