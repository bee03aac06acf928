/** How a person is named on the command line. */
export const person = '(an e-mail address, or a user id of Slack or Entra)'
