/** On a card that still asks. One that was approved can be taken back until it is used, and asks nobody. */
export const deciding = /"action_id":"(approve|deny|escalate|break_glass|close_review)/
