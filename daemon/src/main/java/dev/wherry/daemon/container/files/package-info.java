/**
 * Files of containers: archives into and out of a container's root file system.
 */
package dev.wherry.daemon.container.files;
