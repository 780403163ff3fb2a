/*
 * su(1): su [-] [-flms] [-c class] [login [args]]. The arguments behind the login go to its shell; -c names a class.
 * Words, order and environment: freebsd/freebsd-src:usr.bin/su/su.c. Classes and labels have no effect here.
 */
#include <sys/wait.h>

#include <err.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

struct pam_conv {
	int (*function)(int, const void **, void **, void *);
	void *data;
};
enum { SUCCESS = 0, TTY = 3, CONV_USER = 2, RUSER = 8, ESTABLISH = 2, DELETE = 4 };
extern int misc_conv(int, const void **, void **, void *);
extern int pam_start(const char *, const char *, const struct pam_conv *, void **);
extern int pam_end(void *, int);
extern int pam_set_item(void *, int, const void *);
extern int pam_authenticate(void *, int);
extern int pam_acct_mgmt(void *, int);
extern int pam_setcred(void *, int);
extern int pam_open_session(void *, int);
extern int pam_close_session(void *, int);
extern char **pam_getenvlist(void *);
extern const char *pam_strerror(void *, int);

static void *pamh;
static int as_me, as_them;

static void
usage(void)
{
	fprintf(stderr, "usage: su [-] [-flms] [-c class] [login [args]]\n");
	exit(1);
}

/* As getopt(3) of FreeBSD reads them: the login ends the options, and a lone dash is one. */
static int
options(int argc, char **argv)
{
	int index = 1;

	for (; index < argc && argv[index][0] == '-'; index++) {
		if (strcmp(argv[index], "--") == 0)
			return (index + 1);
		if (argv[index][1] == '\0')
			as_me = 0, as_them = 1;
		for (const char *letter = argv[index] + 1; *letter != '\0'; letter++) {
			if (*letter == 'l')
				as_me = 0, as_them = 1;
			else if (*letter == 'm')
				as_me = 1, as_them = 0;
			else if (*letter == 'c') {
				if (letter[1] == '\0' && ++index >= argc) {
					fprintf(stderr, "su: option requires an argument -- c\n");
					usage();
				}
				if (getuid() != 0)
					errx(1, "only root may use -c");
				break;
			} else if (*letter != 'f' && *letter != 's') {
				fprintf(stderr, "su: illegal option -- %c\n", *letter);
				usage();
			}
		}
	}
	return (index);
}

static void
authenticate(const char *user, const char *caller)
{
	struct pam_conv conversation = { misc_conv, NULL };
	const char *tty = ttyname(STDERR_FILENO);

	if (pam_start("su", user, &conversation, &pamh) != SUCCESS)
		errx(1, "pam_start");
	pam_set_item(pamh, RUSER, caller);
	pam_set_item(pamh, TTY, tty == NULL ? "tty" : tty);
	if (pam_authenticate(pamh, 0) != SUCCESS) {
		syslog(LOG_AUTH | LOG_WARNING, "BAD SU %s to %s on %s", caller, user, tty == NULL ? "tty" : tty);
		errx(1, "Sorry");
	}
}

static void
set_environment(const struct passwd *entry, const char *shell)
{
	const char *term = getenv("TERM");

	if (as_me)
		return;
	if (as_them) {
		char *kept = term == NULL ? NULL : strdup(term);

		clearenv();
		setenv("PATH", "/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin", 1);
		for (char **pair = pam_getenvlist(pamh); pair != NULL && *pair != NULL; pair++)
			putenv(*pair);
		if (kept != NULL)
			setenv("TERM", kept, 1);
	}
	if (as_them || entry->pw_uid != 0)
		setenv("USER", entry->pw_name, 1);
	if (as_them)
		setenv("LOGNAME", entry->pw_name, 1);
	setenv("HOME", entry->pw_dir, 1);
	setenv("SHELL", shell, 1);
	if (as_them && chdir(entry->pw_dir) != 0)
		errx(1, "no directory");
}

static int
is_standard(const char *shell)
{
	const char *each;
	int found = 0;

	setusershell();
	while (!found && (each = getusershell()) != NULL)
		found = strcmp(each, shell) == 0;
	endusershell();
	return (found);
}

static void
become(const struct passwd *entry, char **arguments, const char *own_shell)
{
	const char *shell = as_me ? own_shell : entry->pw_shell;
	int status;
	pid_t child;

	if (shell == NULL || *shell == '\0')
		shell = "/bin/sh";
	if (initgroups(entry->pw_name, entry->pw_gid) != 0 || setgid(entry->pw_gid) != 0)
		err(1, "setusercontext");
	pam_setcred(pamh, ESTABLISH);
	if (as_them)
		pam_open_session(pamh, 0);
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	child = fork();
	if (child == -1)
		err(1, "fork");
	if (child != 0) {
		while (waitpid(child, &status, 0) == -1)
			continue;
		if (as_them)
			pam_close_session(pamh, 0);
		pam_setcred(pamh, DELETE);
		pam_end(pamh, SUCCESS);
		exit(WEXITSTATUS(status));
	}
	signal(SIGINT, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	if (setuid(entry->pw_uid) != 0)
		err(1, "setuid");
	set_environment(entry, shell);
	arguments[0] = as_them ? "-su" : "su";
	execv(shell, arguments);
	err(1, "%s", shell);
}

int
main(int argc, char **argv)
{
	int index = options(argc, argv), code;
	const char *user = index < argc ? argv[index] : "root";
	struct passwd *entry;
	char *caller, *own_shell;
	uid_t asking = getuid();

	if (geteuid() != 0)
		errx(1, "not running setuid");
	entry = getpwuid(asking);
	if (entry == NULL)
		errx(1, "who are you?");
	caller = strdup(entry->pw_name);
	own_shell = strdup(entry->pw_shell);
	openlog("su", LOG_CONS, LOG_AUTH);
	authenticate(user, caller);
	entry = getpwnam(user);
	if (entry == NULL)
		errx(1, "unknown login: %s", user);
	code = pam_acct_mgmt(pamh, 0);
	if (code != SUCCESS) {
		syslog(LOG_ERR, "pam_acct_mgmt: %s", pam_strerror(pamh, code));
		errx(1, "Sorry");
	}
	if (as_me && asking != 0 && !is_standard(entry->pw_shell))
		errx(1, "permission denied (shell)");
	if (asking != 0)
		syslog(LOG_NOTICE, "%s to %s", caller, user);
	argv += index < argc ? index : argc - 1;
	become(entry, argv, own_shell);
}
