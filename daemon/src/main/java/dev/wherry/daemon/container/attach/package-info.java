/** The streams between a client and a container or an exec, over conmon's attach socket. */
package dev.wherry.daemon.container.attach;
