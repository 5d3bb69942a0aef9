/** Health checks: when a container is checked, by which program, and what the result means. */
package dev.wherry.daemon.container.health;
