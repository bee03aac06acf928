/** How a person is named on the command line. */
export const person = '(an e-mail address or a Slack user id)'
