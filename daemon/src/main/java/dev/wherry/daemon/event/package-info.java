/**
 * What users are told of as it happens: events of containers and images, kept for a while so that one who asks later
 * learns of them too. An event is written in the transaction of what it tells of. Uses {@code metadata}.
 */
package dev.wherry.daemon.event;
