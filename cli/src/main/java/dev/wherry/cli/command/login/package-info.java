/** Logins at registries: the commands, docker's configuration file, and the programs that keep credentials. */
package dev.wherry.cli.command.login;
