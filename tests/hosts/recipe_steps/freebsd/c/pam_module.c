/*
 * A module of Linux-PAM under FreeBSD's name for it: takes out the words of pam.conf(5) that only OpenPAM knows, and
 * calls the module MODULE for the rest. Without MODULE it is pam_self(8): whoever asks is who is asked for.
 *
 * Words: freebsd/freebsd-src:lib/libpam/modules (pam_unix, pam_group, pam_rootok), contrib/openpam.
 * SESSION: FreeBSD's programs set the environment of a login themselves (login_cap(3)); here two modules do.
 */
#include <dlfcn.h>
#include <pwd.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#define FOLDER "/usr/lib/x86_64-linux-gnu/security/"
enum { SUCCESS = 0, AUTH_ERR = 7, IGNORE = 25, USER_ITEM = 2, MOST = 32 };

typedef int step(void *, int, int, const char **);
extern int pam_get_item(const void *, int, const void **);

#ifdef MODULE
static int
is_foreign(const char *word)
{
	static const char *const foreign[] = { "no_warn", "no_fail", "fail_safe", "ruser", "luser", "local_pass", "auth_as_self" };

	for (size_t i = 0; i < sizeof(foreign) / sizeof(*foreign); i++)
		if (strcmp(word, foreign[i]) == 0)
			return (1);
	return (0);
}

static int
call(const char *module, const char *name, void *pamh, int flags, int argc, const char **argv)
{
	const char *kept[MOST];
	int count = 0;
	void *library = dlopen(module, RTLD_NOW);
	step *function = library == NULL ? NULL : (step *)dlsym(library, name);

	if (function == NULL)
		return (IGNORE);
	for (int i = 0; i < argc && count < MOST - 2; i++)
		if (!is_foreign(argv[i]))
			kept[count++] = argv[i];
#ifdef EXTRA
	kept[count++] = EXTRA;
#endif
	return (function(pamh, flags, count, kept));
}

#define STEP(name) \
int name(void *pamh, int flags, int argc, const char **argv) { return (call(FOLDER MODULE, #name, pamh, flags, argc, argv)); }
STEP(pam_sm_authenticate)
STEP(pam_sm_setcred)
STEP(pam_sm_acct_mgmt)
STEP(pam_sm_chauthtok)
STEP(pam_sm_close_session)

int
pam_sm_open_session(void *pamh, int flags, int argc, const char **argv)
{
#ifdef SESSION
	const char *file[] = { "envfile=/etc/environment" };

	call(FOLDER "pam_env.so", "pam_sm_open_session", pamh, flags, 1, file);
	call(FOLDER "pam_umask.so", "pam_sm_open_session", pamh, flags, 0, NULL);
#endif
	return (call(FOLDER MODULE, "pam_sm_open_session", pamh, flags, argc, argv));
}
#else
int
pam_sm_authenticate(void *pamh, int flags, int argc, const char **argv)
{
	const void *user = NULL;
	struct passwd *entry;

	(void)flags, (void)argc, (void)argv;
	if (pam_get_item(pamh, USER_ITEM, &user) != SUCCESS || user == NULL)
		return (AUTH_ERR);
	entry = getpwnam(user);
	return (entry != NULL && entry->pw_uid != 0 && entry->pw_uid == getuid() ? SUCCESS : AUTH_ERR);
}

int
pam_sm_setcred(void *pamh, int flags, int argc, const char **argv)
{
	(void)pamh, (void)flags, (void)argc, (void)argv;
	return (SUCCESS);
}
#endif
