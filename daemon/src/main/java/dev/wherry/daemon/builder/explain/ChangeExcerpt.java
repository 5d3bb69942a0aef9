package dev.wherry.daemon.builder.explain;

/**
 * Two texts as they are shown beside each other: whole when they are short, else the part that differs, marked by angle
 * quotes, with a little of what is around it.
 *
 * @param before the first, without line breaks
 * @param after the second, without line breaks
 */
record ChangeExcerpt(String before, String after) {

    private static final int WHOLE = 60;
    private static final int AROUND = 16;
    private static final int DIFFERENT = 60;

    static ChangeExcerpt of(String before, String after) {
        String one = oneLine(before);
        String other = oneLine(after);
        if (one.length() <= WHOLE && other.length() <= WHOLE) {
            return new ChangeExcerpt(one, other);
        }
        int shorter = Math.min(one.length(), other.length());
        int start = 0;
        while (start < shorter && one.charAt(start) == other.charAt(start)) {
            start++;
        }
        start = one.lastIndexOf(' ', start - 1) + 1;
        int end = 0;
        while (end < shorter - start && one.charAt(one.length() - 1 - end) == other.charAt(other.length() - 1 - end)) {
            end++;
        }
        int space = one.indexOf(' ', one.length() - end);
        end = space < 0 ? 0 : one.length() - space;
        return new ChangeExcerpt(marked(one, start, end), marked(other, start, end));
    }

    /** @param end how many characters at the end are the same */
    private static String marked(String text, int start, int end) {
        String head = text.substring(0, start);
        String tail = text.substring(text.length() - end);
        String head16 = head.length() <= AROUND ? head : "…" + head.substring(head.length() - AROUND);
        String tail16 = tail.length() <= AROUND ? tail : tail.substring(0, AROUND) + "…";
        return head16 + "‹" + shortened(text.substring(start, text.length() - end), DIFFERENT) + "›" + tail16;
    }

    static String oneLine(String text) {
        return text.replace("\\\n", " ").replace("\n", "⏎").replaceAll("\\p{Cntrl}", "�");
    }

    static String shortened(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length - 1) + "…";
    }
}
