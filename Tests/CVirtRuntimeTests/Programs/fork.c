/* Forks while other threads use the library; in each child several threads use it, too. Children must end by themselves.
 * Arguments: rounds (20), URI to open in the children (none). With "cold" as third argument the parent only registers the
 * event loop before it forks, so that the threads of a child meet on the first use of everything else. */
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static atomic_int stop;
static const char *uri;
static pthread_barrier_t barrier;

static void quiet(void *opaque, virErrorPtr error)
{
    (void)opaque;
    (void)error;
}

static void on_timer(int timer, void *opaque)
{
    (void)timer;
    (void)opaque;
}

static void use_once(void)
{
    virTypedParameterPtr parameters = NULL;
    int count = 0, capacity = 0;
    virTypedParamsAddInt(&parameters, &count, &capacity, "number", 1);
    virTypedParamsAddString(&parameters, &count, &capacity, "text", "value");
    virTypedParamsGetInt(parameters, count, "text", NULL); /* an error */
    if (virGetLastErrorCode() != VIR_ERR_INVALID_ARG)
        abort();
    virTypedParamsFree(parameters, count);
    int timer = virEventAddTimeout(-1, on_timer, NULL, NULL);
    virEventUpdateTimeout(timer, 1);
    virEventRemoveTimeout(timer);
    if (uri != NULL) {
        virConnectPtr connection = virConnectOpen(uri);
        if (connection == NULL)
            abort();
        virDomainPtr *domains = NULL;
        int found = virConnectListAllDomains(connection, &domains, 0);
        for (int index = 0; index < found; index++)
            virDomainFree(domains[index]);
        free(domains);
        virConnectClose(connection);
    }
}

static void *hammer(void *argument)
{
    (void)argument;
    while (!stop)
        use_once();
    return NULL;
}

static void *run_loop(void *argument)
{
    (void)argument;
    virEventAddTimeout(1, on_timer, NULL, NULL);
    while (!stop)
        virEventRunDefaultImpl();
    return NULL;
}

static void *use_in_child(void *argument)
{
    (void)argument;
    pthread_barrier_wait(&barrier);
    virEventRegisterDefaultImpl();
    for (int round = 0; round < 50; round++)
        use_once();
    return NULL;
}

static int child(virConnectPtr inherited)
{
    pthread_t threads[4];
    alarm(20);
    if (inherited != NULL && (virConnectIsAlive(inherited) != -1 || virGetLastErrorCode() != VIR_ERR_INVALID_CONN))
        return 2;
    pthread_barrier_init(&barrier, NULL, 4);
    for (int index = 0; index < 4; index++)
        pthread_create(&threads[index], NULL, use_in_child, NULL);
    for (int index = 0; index < 4; index++)
        pthread_join(threads[index], NULL);
    virEventAddTimeout(0, on_timer, NULL, NULL);
    if (virEventRunDefaultImpl() < 0)
        return 3;
    if (inherited != NULL)
        virConnectClose(inherited);
    return 0;
}

int main(int count, char **arguments)
{
    int rounds = count > 1 ? atoi(arguments[1]) : 20, failed = 0;
    int cold = count > 3 && strcmp(arguments[3], "cold") == 0;
    pthread_t threads[3];
    virConnectPtr connection = NULL;
    uri = count > 2 && *arguments[2] != '\0' ? arguments[2] : NULL;
    virEventRegisterDefaultImpl();
    if (!cold) {
        virInitialize();
        virSetErrorFunc(NULL, quiet);
        if (uri != NULL)
            connection = virConnectOpen(uri);
        pthread_create(&threads[0], NULL, run_loop, NULL);
        pthread_create(&threads[1], NULL, hammer, NULL);
        pthread_create(&threads[2], NULL, hammer, NULL);
    }
    for (int round = 0; round < rounds; round++) {
        usleep(1000);
        fflush(NULL);
        pid_t process = fork();
        if (process == 0) {
            virSetErrorFunc(NULL, quiet);
            _exit(child(connection));
        }
        int status = 0;
        waitpid(process, &status, 0);
        if (status != 0) {
            fprintf(stderr, "fork: child %d ended with status 0x%x\n", round, status);
            failed++;
        }
    }
    stop = 1;
    if (!cold)
        for (int index = 0; index < 3; index++)
            pthread_join(threads[index], NULL);
    if (connection != NULL)
        virConnectClose(connection);
    printf("fork%s: %d of %d children failed\n", cold ? " (cold)" : "", failed, rounds);
    return failed != 0;
}
