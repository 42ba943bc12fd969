/** Why a written value cannot be converted: the end of a sentence that begins with the field and the value. */
export class Mistake {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}
