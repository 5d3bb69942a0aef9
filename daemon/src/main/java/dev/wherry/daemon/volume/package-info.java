/**
 * Volumes: folders of files that outlive the containers that use them. {@link Volumes} has all of them. Knows no
 * containers but the IDs under which they hold volumes.
 */
package dev.wherry.daemon.volume;
