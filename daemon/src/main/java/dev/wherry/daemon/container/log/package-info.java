/**
 * Container logs: read, follow, search and rotate.
 */
package dev.wherry.daemon.container.log;
