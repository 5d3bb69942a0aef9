/**
 * Containers: create, start, attach, wait, stop, remove, logs; their states, and finding them again when the daemon
 * starts. Uses {@code image}, {@code snapshot}, {@code runtime}, {@code metadata} and {@code linux}.
 */
package dev.wherry.daemon.container;
