/** How many events are added to a user when growth with events is measured. */
export const eventCounts = [10, 100, 500];
