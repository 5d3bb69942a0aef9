package dev.wherry.daemon.build;

/** Who a copied file belongs to, by the numbers of the image. */
record Owner(int uid, int gid) {}
