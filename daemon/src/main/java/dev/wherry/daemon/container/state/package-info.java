/**
 * What a container is and where it stands: the records, the table of all containers, and the folders of each.
 */
package dev.wherry.daemon.container.state;
