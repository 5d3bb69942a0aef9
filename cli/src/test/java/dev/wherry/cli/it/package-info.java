/**
 * Tests of the built programs, as a user runs them: a real daemon, runc, conmon and registry. Each class has a daemon of
 * its own ({@link dev.wherry.cli.it.Daemon}); nothing is left when it ends.
 */
package dev.wherry.cli.it;
