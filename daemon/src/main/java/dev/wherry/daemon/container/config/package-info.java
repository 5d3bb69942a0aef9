/**
 * What a container is asked to be: {@link ContainerConfig} as the caller gave it, {@link ContainerSettings} completed by
 * the image, and the checks that reject what cannot work before anything is created. Knows no container.
 */
package dev.wherry.daemon.container.config;
