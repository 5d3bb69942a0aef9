/**
 * What a container is asked to be: its options, checked and completed by its image.
 */
package dev.wherry.daemon.container.config;
