/* Loads and unloads the library again and again, with threads that end after the last unloading and still own an error.
 * Argument: path of libvirt.so.0. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static pthread_barrier_t barrier;

static void *own_an_error(void *library)
{
    int (*get)(void *, int, const char *, int *);
    int (*add)(void **, int *, int *, const char *, const char *);
    void (*handler)(void *, void (*)(void *, void *));
    void *symbol = dlsym(library, "virTypedParamsGetInt");
    memcpy(&get, &symbol, sizeof get);
    symbol = dlsym(library, "virTypedParamsAddString");
    memcpy(&add, &symbol, sizeof add);
    symbol = dlsym(library, "virSetErrorFunc");
    memcpy(&handler, &symbol, sizeof handler);
    void *parameters = NULL;
    int count = 0, capacity = 0;
    if (get != NULL && add != NULL) {
        add(&parameters, &count, &capacity, "text", "value");
        get(parameters, count, "text", NULL);
    }
    pthread_barrier_wait(&barrier); /* unloading happens between the two */
    pthread_barrier_wait(&barrier);
    return NULL;
}

int main(int count, char **arguments)
{
    alarm(60);
    if (count < 2 || freopen("/dev/null", "w", stderr) == NULL)
        return 2;
    for (int round = 0; round < 50; round++) {
        pthread_t thread;
        void *library = dlopen(arguments[1], round % 2 != 0 ? RTLD_NOW : RTLD_LAZY | RTLD_GLOBAL);
        if (library == NULL)
            return 1;
        pthread_barrier_init(&barrier, NULL, 2);
        pthread_create(&thread, NULL, own_an_error, library);
        pthread_barrier_wait(&barrier);
        dlclose(library);
        pthread_barrier_wait(&barrier);
        pthread_join(thread, NULL);
    }
    puts("reload: 50 rounds");
    return 0;
}
