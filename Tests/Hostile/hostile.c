/* Calls every public function with good and with hostile values, each function in a process of its own.
 *
 * usage: hostile run DIRECTORY ROUNDS [NAME]   wild values: one at a time, then ROUNDS random combinations
 *        hostile compare DIRECTORY             mild values, one at a time; prints what each call answers
 *        hostile threads DIRECTORY THREADS ROUNDS   random calls of all functions on the same objects from many threads
 *
 * DIRECTORY holds the libraries; empty: where the system has them. The last line of `run` and `threads` counts calls and faults. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#include "hostile.h"

static const char *directory = "";
int mild;
static __thread int last_code, last_domain;
static void *huge, *zeros, *ones, *copy;
static const size_t huge_size = (size_t)1 << 38;
/* Shared with the parent: what was being called when a child ended. */
static struct { long calls; int faults; char what[400]; } *progress;

void *find(const char *name) {
    if (!strcmp(name, "free")) return (void *)free;
    static void *libraries[4];
    static const char *const names[] = {"libvirt.so.0", "libvirt-qemu.so.0", "libvirt-lxc.so.0", "libvirt-admin.so.0"};
    for (int i = 0; i < 4; i++) {
        if (!libraries[i]) {
            char path[PATH_MAX];
            snprintf(path, sizeof(path), "%s%s%s", directory, *directory ? "/" : "", names[i]);
            libraries[i] = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
            if (!libraries[i] && i != 3) { fprintf(stderr, "%s\n", dlerror()); exit(2); }
        }
        void *found = libraries[i] ? dlsym(libraries[i], name) : NULL;
        if (found) return found;
    }
    return NULL;
}

static int nothing(void) { return 0; }
static void no_text(void *opaque, virErrorPtr error) { (void)opaque; (void)error; }

/* ---- Values -------------------------------------------------------------------------------------------------------- */

static char *long_text, *bomb;

static void make_texts(void) {
    enum { length = 1 << 20 };
    long_text = malloc(length + 1);
    memset(long_text, 'a', length);
    long_text[length] = 0;
    bomb = malloc(4096);
    strcpy(bomb, "<!DOCTYPE domain [<!ENTITY a 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'>");
    for (char c = 'b'; c <= 'p'; c++)
        sprintf(bomb + strlen(bomb), "<!ENTITY %c '&%c;&%c;&%c;&%c;&%c;&%c;&%c;&%c;&%c;&%c;'>", c, c - 1, c - 1, c - 1, c - 1, c - 1,
                c - 1, c - 1, c - 1, c - 1, c - 1);
    strcat(bomb, "]><domain type='test'><name>&p;</name><memory>1</memory><os><type>hvm</type></os></domain>");
}

static const char *text(enum text sort, int choice) {
    static const char *const bad[] = {
        NULL, "", "\xff\xfe\x80\xc0", "\x01\x02\x1b[2J", "%s%n%n%s%s", "<a", "<domain/>", "test:///%00", "-1", "99999999999999999999",
        "../../../../etc/passwd", "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><domain type='test'><name>&x;</name></domain>"};
    int count = sizeof(bad) / sizeof(bad[0]);
    if (choice == 0) return good_texts[sort];
    if (choice <= count) return bad[choice - 1];
    return choice == count + 1 ? long_text : bomb;
}

static const long long numbers[NUMBERS] = {1, 0, -1, INT_MIN, INT_MAX, UINT_MAX, LLONG_MIN, LLONG_MAX, 4096, 77};
static const long long lengths[] = {SOME, 0, -1, INT_MIN, 1, 4096, INT_MAX};
#define LENGTH(array) (int)(sizeof(array) / sizeof((array)[0]))

/* How many choices a kind has; the first is good. */
static int choices(const struct parameter *parameter, int ends) {
    switch (parameter->kind) {
    case KIND_HANDLE: return mild ? 2 : 6 + CLASSES;
    case KIND_HANDLES: return 3;
    case KIND_TEXT: return mild ? 3 : 15;
    case KIND_TEXTS: case KIND_EMPTY_LIST: case KIND_GROWING: case KIND_SLOT: case KIND_CALLBACK: return 2;
    case KIND_NUMBER: return mild ? 3 : NUMBERS;
    case KIND_LENGTH: case KIND_LENGTH_BEHIND: return ends ? 1 : mild ? 3 : LENGTH(lengths) - parameter->detail;
    case KIND_FLAGS: return mild ? 2 : 35;
    case KIND_ARRAY: return ends ? 1 : 2;
    case KIND_PARAMETERS: return parameter->detail ? 2 : mild ? 2 : 4;
    default: return 1;
    }
}

static void *own(struct value *value, size_t size) {
    value->owned = calloc(1, size ? size : 1);
    return value->owned;
}

static void *handle(int class, int choice) {
    switch (choice) {
    case 0: return live[class] ? live[class] : mild ? NULL : zeros;
    case 1: return NULL;
    case 2: return stale[class] ? stale[class] : zeros;
    case 3: return zeros;
    case 4: return ones;
    case 5: return copy;
    default: return live[choice - 6];
    }
}

/* Gives the value its choice, as far as it does not depend on other values. */
void choose(struct value *value, int choice, int ends) {
    const struct parameter *parameter = value->parameter;
    static char opaque[64];
    value->choice = choice;
    switch (parameter->kind) {
    case KIND_HANDLE:
        value->pointer = handle(parameter->detail, choice);
        if (ends && value->pointer && value->pointer == live[parameter->detail]) take_one_more(parameter->detail);
        break;
    case KIND_HANDLES:
        if (choice == 1) break;
        value->pointer = own(value, 2 * sizeof(void *));
        ((void **)value->pointer)[0] = choice == 0 ? live[parameter->detail] : zeros;
        break;
    case KIND_TEXT: value->pointer = (void *)text(parameter->detail, choice); break;
    case KIND_TEXTS:
        if (choice == 1) break;
        value->pointer = own(value, 3 * sizeof(char *));
        ((const char **)value->pointer)[0] = "test";
        ((const char **)value->pointer)[1] = "\xff";
        break;
    case KIND_EMPTY_LIST: value->pointer = choice ? NULL : ends ? calloc(1, 64) : own(value, 64); break;
    case KIND_NUMBER: value->number = numbers[choice]; break;
    case KIND_LENGTH: value->number = lengths[choice]; break;
    case KIND_HONEST: value->number = SOME; break;
    case KIND_FLAGS: value->number = choice == 0 ? 0 : choice == 1 ? 1LL << 31 : choice == 34 ? 0xffffffffLL : 1LL << (choice - 2); break;
    case KIND_LENGTH_BEHIND:
        value->pointer = own(value, sizeof(int));
        *(int *)value->pointer = (int)lengths[choice];
        break;
    case KIND_GROWING: case KIND_SLOT: value->pointer = choice ? NULL : own(value, 16); break;
    case KIND_CALLBACK: value->pointer = choice ? NULL : (void *)nothing; break;
    case KIND_OPAQUE: value->pointer = opaque; break;
    default: break;
    }
}

long long behind(const struct value *value) { return value->pointer ? *(int *)value->pointer : 0; }

/* The memory of an array: exactly as long as the count says. */
void fill(struct value *value, size_t size, long long count) {
    if (value->choice == 1) { value->pointer = NULL; return; }
    value->count = count < 0 ? 0 : count;
    if (value->count > 1 << 16) {
        value->pointer = huge;
        return;
    }
    value->pointer = value->parameter->detail ? calloc(value->count ? (size_t)value->count : 1, size) : own(value, (size_t)value->count * size);
    if (value->parameter->kind != KIND_PARAMETERS || value->parameter->detail) return;
    virTypedParameterPtr parameters = value->pointer;
    for (int i = 0; i < value->count; i++) {
        snprintf(parameters[i].field, sizeof(parameters[i].field), "field%d", i);
        parameters[i].type = value->choice == 2 ? (i % 2 ? -1 : 99) : VIR_TYPED_PARAM_INT + i % 4;
        if (value->choice == 3) memset(parameters[i].field, 'f', sizeof(parameters[i].field));
    }
}

void free_elements(struct value *value, long long count, release *release) {
    for (long long i = 0; i < count && i < value->count; i++)
        if (((void **)value->pointer)[i]) release(((void **)value->pointer)[i]);
}

void free_parameters(struct value *value, long long moved) {
    if (value->pointer == huge) CALL(virTypedParamsClear)(huge, (int)moved);
    else if (value->pointer) CALL(virTypedParamsFree)(value->pointer, (int)value->count);
}

void free_growing(struct value *parameters, struct value *count) {
    if (parameters->pointer && count->pointer) CALL(virTypedParamsFree)(*(virTypedParameterPtr *)parameters->pointer, *(int *)count->pointer);
}

void free_slot(struct value *value, long long count, release *element, const char *release_name) {
    void **array = value->pointer ? *(void ***)value->pointer : NULL;
    if (!array) return;
    for (long long i = 0; element && (count < 0 ? array[i] != NULL : i < count); i++)
        if (array[i]) element(array[i]);
    ((release *)find(release_name))(array);
}

void free_slot_parameters(struct value *value, long long count) {
    virTypedParameterPtr array = value->pointer ? *(virTypedParameterPtr *)value->pointer : NULL;
    if (array) CALL(virTypedParamsFree)(array, (int)count);
}

void note_error(void) {
    virErrorPtr error = CALL(virGetLastError)();
    last_code = error ? error->code : 0;
    last_domain = error ? error->domain : 0;
}

int code_of_error(void) { return last_code; }

/* ---- Calling ------------------------------------------------------------------------------------------------------- */

/* Functions whose error value also means "nothing there". */
int may_be_silent(const char *name) {
    static const char *const names[] = {
        "virGetLastError", "virSaveLastError", "virTypedParamsGet", "virConnGetLastError", "virCopyLastError", "virConnCopyLastError",
        "virEventAddHandle", "virEventAddTimeout", "virEventRemoveHandle", "virEventRemoveTimeout", "virDomainGetID",
        "virNodeDeviceGetParent"};
    for (int i = 0; i < LENGTH(names); i++)
        if (!strcmp(names[i], name)) return 1;
    return 0;
}

static void fault(const char *what) {
    progress->faults++;
    printf("%s: %s\n", what, progress->what);
    fflush(stdout);
}

static void describe(const struct call *call, const struct value *values) {
    int length = snprintf(progress->what, sizeof(progress->what), "%s", call->name);
    for (int i = 0; i < call->count; i++)
        if (values[i].choice && length < (int)sizeof(progress->what) - 60)
            length += snprintf(progress->what + length, sizeof(progress->what) - length, " %s=%d", values[i].parameter->name, values[i].choice);
}

/* Ends the process when a call works for too long, or waits; 0 lifts it. On a busy machine time passes without work. */
static void limit(int working, unsigned waiting) {
    struct itimerval time = {.it_value.tv_sec = working};
    setitimer(ITIMER_PROF, &time, NULL);
    alarm(waiting);
}

static int is_limit(int signal) { return signal == SIGALRM || signal == SIGPROF; }

static void make(const struct call *call, const int *chosen) {
    struct value values[24] = {{0}};
    make_world(!mild && progress->calls % 2);
    if (!mild) memcpy(copy, live[CLASS_DOMAIN], 64);
    for (int i = 0; i < call->count; i++) {
        values[i].parameter = &call->parameters[i];
        choose(&values[i], chosen[i], call->ends);
    }
    describe(call, values);
    CALL(virResetLastError)();
    limit(mild ? 2 : 20, mild ? 2 : 300);
    int failed = call->make(values);
    limit(0, 0);
    progress->calls++;
    if (mild) {
        if (failed != ABSENT) printf("%s|%s|%d %d\n", progress->what, failed == NEUTRAL ? "-" : failed ? "failed" : "done", failed == 1 ? last_code : 0, failed == 1 ? last_domain : 0);
    } else if (failed == ABSENT) {
        fault("absent");
    } else if (failed == 1 && !last_code && !may_be_silent(call->name)) {
        fault("failed without an error");
    } else if (call->count && call->parameters[0].kind == KIND_HANDLE && failed == 0 && !strstr(call->name, "GetLastError") &&
               (values[0].pointer ? values[0].pointer != live[call->parameters[0].detail] : !call->nullable)) {
        fault("accepted what is no such handle");
    }
    for (int i = 0; i < call->count; i++) free(values[i].owned);
    end_world();
}

unsigned random_below(uint64_t *state, unsigned limit) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(*state >> 33) % limit;
}

static void make_all(const struct call *call, int rounds) {
    int chosen[24] = {0};
    uint64_t state = 1;
    for (const char *c = call->name; *c; c++) state = state * 31 + (unsigned char)*c;
    make(call, chosen);
    for (int i = 0; i < call->count; i++) {
        for (int choice = 1; choice < choices(&call->parameters[i], call->ends); choice++) {
            chosen[i] = choice;
            make(call, chosen);
        }
        chosen[i] = 0;
    }
    for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < call->count; i++)
            chosen[i] = random_below(&state, 3) ? (int)random_below(&state, (unsigned)choices(&call->parameters[i], call->ends)) : 0;
        make(call, chosen);
    }
}

void prepare(void) {
    if (!freopen("/dev/null", "r", stdin)) exit(2);
    CALL(virSetErrorFunc)(NULL, no_text);
    CALL(virEventRegisterDefaultImpl)();
    /* So that a turn of the event loop ends. */
    CALL(virEventAddTimeout)(0, (virEventTimeoutCallback)nothing, NULL, NULL);
    zeros = calloc(1, 4096);
    ones = memset(malloc(4096), 0xff, 4096);
    copy = calloc(1, 4096);
    make_texts();
}

int main(int argc, char **argv) {
    int is_threads = argc == 5 && !strcmp(argv[1], "threads") && atoi(argv[3]) > 0 && atoi(argv[3]) <= MOST_THREADS;
    if (argc < 3 || (!is_threads && strcmp(argv[1], "run") && strcmp(argv[1], "compare"))) {
        fprintf(stderr, "usage: hostile run DIRECTORY ROUNDS [NAME] | hostile compare DIRECTORY | hostile threads DIRECTORY THREADS ROUNDS\n");
        return 2;
    }
    mild = !strcmp(argv[1], "compare");
    directory = argv[2];
    if (is_threads) return share(atoi(argv[3]), atoi(argv[4]));
    int rounds = argc > 3 ? atoi(argv[3]) : 0;
    progress = mmap(NULL, sizeof(*progress), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    huge = mmap(NULL, huge_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (progress == MAP_FAILED || huge == MAP_FAILED) { perror("hostile: mmap"); return 2; }
    for (int i = 0; i < call_count; i++) {
        if (argc > 4 && strcmp(argv[4], calls[i].name)) continue;
        fflush(stdout);
        pid_t child = fork();
        if (child == 0) {
            prepare();
            make_all(&calls[i], rounds);
            strcat(progress->what, " (at its end)");
            exit(0);
        }
        int status = 0;
        waitpid(child, &status, 0);
        if (WIFSIGNALED(status)) fault(is_limit(WTERMSIG(status)) ? "hangs" : strsignal(WTERMSIG(status)));
        else if (WEXITSTATUS(status)) fault("ended with an error");
    }
    if (!mild) printf("%ld calls of %d functions, %d faults\n", progress->calls, call_count, progress->faults);
    return progress->faults ? 1 : 0;
}
