/**
 * Attachments: the streams between a client and a container, over conmon's attach socket.
 */
package dev.wherry.daemon.container.attach;
